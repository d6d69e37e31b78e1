/* What threads are doing in plugins, for the files of this folder. */
#ifndef SENTRY_CALLS_H
#define SENTRY_CALLS_H

#include "sentry_process.h"

/* What this thread is doing; the innermost first. Safe in a signal handler. */
int sentry_calls_of_this_thread(sentry_call *calls, int room);

#endif

#define _GNU_SOURCE
#include "sentry_names.h"

#include <string.h>

int sentry_compare_names(const char *a, const char *b) { return strverscmp(a, b); }

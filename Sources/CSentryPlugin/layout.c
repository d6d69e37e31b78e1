#include "sentry_plugin.h"

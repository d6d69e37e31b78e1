#include "sentry_kernels.h"

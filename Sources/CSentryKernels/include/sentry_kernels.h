#ifndef SENTRY_KERNELS_H
#define SENTRY_KERNELS_H
#include <stddef.h>
#include <stdint.h>
#endif

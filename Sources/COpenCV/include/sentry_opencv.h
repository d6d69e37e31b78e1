#ifndef SENTRY_OPENCV_H
#define SENTRY_OPENCV_H
#include <stddef.h>
#include <stdint.h>
#endif

#include "sentry_opencv.h"

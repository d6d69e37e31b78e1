// The factory's functions.
#pragma once
#include "Torch.hpp"

namespace backbone {

sentry_status create(const sentry_factory *self, const char *options, void **object, sentry_error *error);
sentry_status available(const sentry_factory *self, const char *device, sentry_error *error);

}  // namespace backbone

// The host as this plugin sees it, and the way errors go back to it.
#pragma once
#include "Torch.hpp"

namespace backbone {

constexpr const char *componentName = "densenet-libtorch";

/// Set by the entry, before anything else runs.
extern const sentry_host *host;

void say(int32_t level, const std::string &text);

/// An error with the code and the hint that the host shows.
struct Failure : std::runtime_error {
  sentry_status code;
  std::string hint;
  Failure(sentry_status code, const std::string &what, std::string hint = "")
      : std::runtime_error(what), code(code), hint(std::move(hint)) {}
};

/// LibTorch's messages go on with a stack trace.
std::string firstLine(const std::string &text);

/// Whether the exception in flight says that memory ran out, on a device or on the CPU.
bool isOutOfMemory(const c10::Error &error);

/// Turns the exception in flight into a status and fills `error`.
sentry_status reportException(sentry_error *error) noexcept;

/// Nothing but a status leaves a function of the border.
template <typename Body> sentry_status guarded(sentry_error *error, Body body) noexcept {
  try {
    body();
    return SENTRY_OK;
  } catch (...) {
    return reportException(error);
  }
}

}  // namespace backbone

#include "Host.hpp"

namespace backbone {

const sentry_host *host = nullptr;

void say(int32_t level, const std::string &text) { host->log(host, level, componentName, text.c_str()); }

std::string firstLine(const std::string &text) { return text.substr(0, text.find('\n')); }

bool isOutOfMemory(const c10::Error &error) {
  if (dynamic_cast<const c10::OutOfMemoryError *>(&error)) return true;
  // The CPU's allocator has no type of its own for it.
  return strstr(error.what_without_backtrace(), "DefaultCPUAllocator") != nullptr;
}

namespace {

struct ErrorText {
  std::string message, hint;
};

sentry_status report(sentry_error *error, sentry_status code, std::string message, std::string hint = "") {
  if (!error) return code;
  error->code = code;
  auto *text = new (std::nothrow) ErrorText{std::move(message), std::move(hint)};
  if (!text) return code;
  error->message = text->message.c_str();
  error->hint = text->hint.empty() ? nullptr : text->hint.c_str();
  error->owner = text;
  error->destroy = [](sentry_error *self) {
    delete static_cast<ErrorText *>(self->owner);
    self->owner = nullptr;
    self->message = self->hint = nullptr;
  };
  return code;
}

}  // namespace

sentry_status reportException(sentry_error *error) noexcept {
  try {
    try {
      throw;
    } catch (const Failure &failure) {
      return report(error, failure.code, failure.what(), failure.hint);
    } catch (const c10::Error &failure) {
      std::string what = firstLine(failure.what_without_backtrace());
      if (isOutOfMemory(failure)) return report(error, SENTRY_NO_MEMORY, what, "use a smaller --batch-size or --micro-batch");
      return report(error, SENTRY_FAILED, "LibTorch: " + what);
    } catch (const std::bad_alloc &) {
      return report(error, SENTRY_NO_MEMORY, "out of memory", "use a smaller --batch-size or --micro-batch");
    } catch (const std::exception &failure) {
      return report(error, SENTRY_FAILED, firstLine(failure.what()));
    } catch (...) {
      return report(error, SENTRY_FAILED, "an unknown exception");
    }
  } catch (...) {  // no memory for the message
    if (error) error->code = SENTRY_NO_MEMORY;
    return SENTRY_NO_MEMORY;
  }
}

}  // namespace backbone

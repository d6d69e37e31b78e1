/* How calls of OpenCV are made and their exceptions caught; for the C++ of the shims alone. */
#ifndef SENTRY_OPENCV_GUARD_H
#define SENTRY_OPENCV_GUARD_H
#ifdef __cplusplus

#include <cstring>
#include <mutex>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "sentry_opencv.h"

namespace sentry {

struct Report {
  char *message;
  size_t size;

  int32_t operator()(int32_t status, const char *text) const {
    if (message != nullptr && size > 0) {
      std::strncpy(message, text, size - 1);
      message[size - 1] = '\0';
    }
    return status;
  }
};

/// Runs `body` with OpenCV held to the calling thread, and turns whatever it throws into a status.
template <typename Body>
int32_t guarded(char *message, size_t message_size, Body body) noexcept {
  const Report report{message, message_size};
  try {
    static std::once_flag once;
    std::call_once(once, [] {
      cv::setNumThreads(0);
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    });
    return body(report);
  } catch (const std::bad_alloc &) {
    return report(SENTRY_CV_OUT_OF_MEMORY, "not enough memory");
  } catch (const cv::Exception &exception) {
    const bool memory = exception.code == cv::Error::StsNoMem;
    return report(memory ? SENTRY_CV_OUT_OF_MEMORY : SENTRY_CV_FAILED, exception.err.c_str());
  } catch (const std::exception &exception) {
    return report(SENTRY_CV_FAILED, exception.what());
  } catch (...) {
    return report(SENTRY_CV_FAILED, "unknown exception");
  }
}

}  // namespace sentry

#endif
#endif

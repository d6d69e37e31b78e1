#include "sentry_drawing.h"

#include <opencv2/imgproc.hpp>

#include "fonts.h"
#include "sentry_opencv_guard.h"

using sentry::guarded;
using sentry::Report;

namespace {

cv::Mat view(const sentry_drawing_pixels &pixels) {
  return cv::Mat(pixels.height, pixels.width, CV_8UC3, pixels.data);
}

cv::Scalar scalar(sentry_drawing_colour colour) { return cv::Scalar(colour.red, colour.green, colour.blue); }

/// Runs `body` on a view of the caller's pixels.
template <typename Body>
int32_t drawn(const sentry_drawing_pixels &pixels, char *message, size_t message_size, Body body) noexcept {
  return guarded(message, message_size, [&](const Report &report) {
    if (pixels.data == nullptr || pixels.width < 1 || pixels.height < 1)
      return report(SENTRY_CV_INVALID, "a size below 1");
    cv::Mat image = view(pixels);
    body(image);
    return static_cast<int32_t>(SENTRY_CV_OK);
  });
}

/// Filled, as every text here.
constexpr int filled = -1;
constexpr int sixteenths = 4;

}  // namespace

extern "C" {

int32_t sentry_drawing_rectangle(sentry_drawing_pixels pixels, int32_t left, int32_t top, int32_t right, int32_t bottom,
                                 sentry_drawing_colour colour, int32_t thickness, char *message, size_t message_size) {
  return drawn(pixels, message, message_size, [&](cv::Mat &image) {
    cv::rectangle(image, cv::Point(left, top), cv::Point(right, bottom), scalar(colour), thickness);
  });
}

int32_t sentry_drawing_line(sentry_drawing_pixels pixels, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                            sentry_drawing_colour colour, int32_t thickness, char *message, size_t message_size) {
  return drawn(pixels, message, message_size, [&](cv::Mat &image) {
    cv::line(image, cv::Point(x1, y1), cv::Point(x2, y2), scalar(colour), thickness, cv::LINE_AA, sixteenths);
  });
}

int32_t sentry_drawing_circle(sentry_drawing_pixels pixels, int32_t x, int32_t y, int32_t radius,
                              sentry_drawing_colour colour, char *message, size_t message_size) {
  return drawn(pixels, message, message_size, [&](cv::Mat &image) {
    cv::circle(image, cv::Point(x, y), radius, scalar(colour), filled, cv::LINE_AA, sixteenths);
  });
}

int32_t sentry_drawing_text_size(const char *text, int32_t size, int32_t *width, int32_t *above, int32_t *below,
                                 char *message, size_t message_size) {
  return guarded(message, message_size, [&](const Report &) {
    int baseline = 0;
    const cv::Size room = sentry::Fonts::shared().with(
        text, [&](cv::freetype::FreeType2 &font) { return font.getTextSize(text, size, filled, &baseline); });
    *width = room.width;
    *above = room.height;
    *below = baseline;
    return static_cast<int32_t>(SENTRY_CV_OK);
  });
}

int32_t sentry_drawing_text(sentry_drawing_pixels pixels, const char *text, int32_t x, int32_t y, int32_t size,
                            sentry_drawing_colour colour, char *message, size_t message_size) {
  return drawn(pixels, message, message_size, [&](cv::Mat &image) {
    sentry::Fonts::shared().with(text, [&](cv::freetype::FreeType2 &font) {
      font.putText(image, text, cv::Point(x, y), size, scalar(colour), filled, cv::LINE_AA, true);
    });
  });
}

}  // extern "C"

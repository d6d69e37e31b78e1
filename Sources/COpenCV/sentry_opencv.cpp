#include "sentry_opencv.h"

#include <dlfcn.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "sentry_opencv_guard.h"

using sentry::guarded;
using sentry::Report;

namespace {

/* The two functions of imgcodecs, which is opened when the first image file is decoded or made: Debian's loads GDAL and a hundred
 * other libraries, a third of a second that a program which only filters pixels would pay at its start. The names are those of
 * the C++ ABI for the types beside them. */
struct Codecs {
  cv::Mat (*decode)(cv::InputArray, int) = nullptr;
  bool (*encode)(const std::string &, cv::InputArray, std::vector<uchar> &, const std::vector<int> &) = nullptr;

  Codecs() {
    const std::string name = cv::format("libopencv_imgcodecs.so.%d%02d", CV_VERSION_MAJOR, CV_VERSION_MINOR);
    void *library = dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(name + " cannot be loaded");
    find(library, "_ZN2cv8imdecodeERKNS_11_InputArrayEi", decode);
    find(library,
         "_ZN2cv8imencodeERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS_11_InputArrayERSt6vectorIhSaIhEERKSB_"
         "IiSaIiEE",
         encode);
  }

  template <typename Function> static void find(void *library, const char *symbol, Function &function) {
    function = reinterpret_cast<Function>(dlsym(library, symbol));
    if (function == nullptr) throw std::runtime_error(std::string("OpenCV's imgcodecs has no ") + symbol);
  }
};

const Codecs &codecs() {
  static const Codecs codecs;
  return codecs;
}

bool valid(const sentry_cv_pixels &pixels) {
  return pixels.data != nullptr && pixels.width > 0 && pixels.height > 0 &&
         (pixels.channels == 1 || pixels.channels == 3);
}

cv::Mat view(const sentry_cv_pixels &pixels) {
  return cv::Mat(pixels.height, pixels.width, CV_8UC(pixels.channels), pixels.data);
}

/// Runs `body(from, to)` on views of the caller's pixels. OpenCV reallocates a target that does not suit it, so the
/// result is checked to lie where the caller will read it.
template <typename Body>
int32_t filtered(const sentry_cv_pixels &source, const sentry_cv_pixels &target, bool same_channels, char *message,
                 size_t message_size, Body body) noexcept {
  return guarded(message, message_size, [&](const Report &report) {
    if (!valid(source) || !valid(target))
      return report(SENTRY_CV_INVALID, "a size below 1, or channels other than 1 and 3");
    if (same_channels && source.channels != target.channels)
      return report(SENTRY_CV_INVALID, "source and target differ in channels");
    const cv::Mat from = view(source);
    cv::Mat to = view(target);
    body(from, to);
    if (to.data != target.data) return report(SENTRY_CV_INVALID, "the target has another shape than the result");
    return static_cast<int32_t>(SENTRY_CV_OK);
  });
}

/* A BGRA image over white, in 8 bits, with the given number of channels. Whatever stands in pixels that nobody sees has no
 * say. Returns false where nobody sees any. */
template <typename Value> bool lay_over_white(const cv::Mat &image, int32_t channels, cv::Mat &result) {
  const int shift = sizeof(Value) > 1 ? 8 : 0;
  result.create(image.rows, image.cols, channels == 1 ? CV_8UC1 : CV_8UC3);
  bool seen = false;
  for (int row = 0; row < image.rows; ++row) {
    const Value *from = image.ptr<Value>(row);
    uint8_t *to = result.ptr<uint8_t>(row);
    for (int column = 0; column < image.cols; ++column, from += 4, to += channels) {
      const unsigned alpha = from[3] >> shift;
      seen = seen || from[3] != 0;
      for (int32_t channel = 0; channel < channels; ++channel)
        to[channel] = static_cast<uint8_t>(((from[channel] >> shift) * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
  return seen;
}

}  // namespace

extern "C" {

const char *sentry_cv_version(void) { return CV_VERSION; }

int32_t sentry_cv_decode(const uint8_t *bytes, size_t count, int32_t channels, int32_t alpha, uint8_t *pixels,
                         size_t capacity, int32_t *width, int32_t *height, char *message, size_t message_size) {
  return guarded(message, message_size, [&](const Report &report) {
    if (count == 0 || count > INT32_MAX || (channels != 1 && channels != 3))
      return report(SENTRY_CV_INVALID, "no bytes, too many, or channels other than 1 and 3");
    const cv::Mat encoded(1, static_cast<int>(count), CV_8UC1, const_cast<uint8_t *>(bytes));
    const int mode = alpha ? cv::IMREAD_UNCHANGED : channels == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR;
    cv::Mat decoded = codecs().decode(encoded, mode);
    if (decoded.empty()) return report(SENTRY_CV_UNDECODABLE, "the decoder rejects the data");
    if (alpha && decoded.channels() == 4) {
      cv::Mat laid;
      const bool seen = decoded.depth() == CV_16U ? lay_over_white<uint16_t>(decoded, channels, laid)
                                                  : lay_over_white<uint8_t>(decoded, channels, laid);
      if (!seen) return report(SENTRY_CV_TRANSPARENT, "every pixel is wholly transparent");
      decoded = laid;
    }
    const size_t size = decoded.total() * decoded.elemSize();
    if (size > capacity || decoded.channels() != channels || decoded.depth() != CV_8U)
      return report(SENTRY_CV_UNDECODABLE, "the decoded image is not what the header announces");
    *width = decoded.cols;
    *height = decoded.rows;
    cv::Mat target(decoded.rows, decoded.cols, decoded.type(), pixels);
    if (channels == 3) {
      cv::cvtColor(decoded, target, cv::COLOR_BGR2RGB);
    } else {
      decoded.copyTo(target);
    }
    return static_cast<int32_t>(SENTRY_CV_OK);
  });
}

int32_t sentry_cv_warp(sentry_cv_pixels source, sentry_cv_pixels target, const double *map, int32_t black_edge,
                       char *message, size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    const int flags = cv::INTER_LINEAR | cv::WARP_INVERSE_MAP;
    // OpenCV looks up every pixel of a sample that reaches over the edge; it passes over such samples where they are
    // transparent. With three channels it does not.
    const bool passes = black_edge != 0 && from.channels() == 1;
    const int border = passes ? cv::BORDER_TRANSPARENT : cv::BORDER_CONSTANT;
    if (passes) to.setTo(0);
    const cv::Mat matrix(3, 3, CV_64F, const_cast<double *>(map));
    if (map[6] == 0 && map[7] == 0 && map[8] == 1) {
      cv::warpAffine(from, to, matrix.rowRange(0, 2), to.size(), flags, border, cv::Scalar());
    } else {
      cv::warpPerspective(from, to, matrix, to.size(), flags, border, cv::Scalar());
    }
  });
}

int32_t sentry_cv_cut(sentry_cv_pixels source, sentry_cv_pixels target, const double *map, char *message,
                      size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    const cv::Mat matrix(2, 3, CV_64F, const_cast<double *>(map));
    cv::warpAffine(from, to, matrix, to.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  });
}

int32_t sentry_cv_resize_area(sentry_cv_pixels source, sentry_cv_pixels target, char *message, size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    cv::resize(from, to, to.size(), 0, 0, cv::INTER_AREA);
  });
}

int32_t sentry_cv_resize(sentry_cv_pixels source, sentry_cv_pixels target, char *message, size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    const bool shrinks = to.cols < from.cols || to.rows < from.rows;
    cv::resize(from, to, to.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  });
}

int32_t sentry_cv_gaussian_blur(sentry_cv_pixels source, sentry_cv_pixels target, int32_t kernel_size, double sigma,
                                char *message, size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    cv::GaussianBlur(from, to, cv::Size(kernel_size, kernel_size), sigma, sigma, cv::BORDER_REFLECT_101);
  });
}

int32_t sentry_cv_filter3x3(sentry_cv_pixels source, sentry_cv_pixels target, const float *kernel, char *message,
                            size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    const cv::Mat weights(3, 3, CV_32F, const_cast<float *>(kernel));
    cv::filter2D(from, to, CV_8U, weights, cv::Point(-1, -1), 0, cv::BORDER_REFLECT_101);
  });
}

int32_t sentry_cv_turn(sentry_cv_pixels source, sentry_cv_pixels target, int32_t quarters, int32_t mirrored,
                       char *message, size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    cv::Mat mirror;
    if (mirrored) cv::flip(from, quarters == 0 ? to : mirror, 1);
    const cv::Mat &turned = mirrored ? mirror : from;
    if (quarters != 0) {
      cv::rotate(turned, to, quarters == 1   ? cv::ROTATE_90_CLOCKWISE
                             : quarters == 2 ? cv::ROTATE_180
                                             : cv::ROTATE_90_COUNTERCLOCKWISE);
    }
  });
}

int32_t sentry_cv_encode_jpeg(sentry_cv_pixels source, int32_t quality, sentry_cv_take take, void *user, char *message,
                              size_t message_size) {
  return guarded(message, message_size, [&](const Report &report) {
    if (!valid(source) || quality < 0 || quality > 100)
      return report(SENTRY_CV_INVALID, "a size below 1, channels other than 1 and 3, or a quality outside 0...100");
    cv::Mat image = view(source);
    if (source.channels == 3) {
      cv::Mat swapped;
      cv::cvtColor(image, swapped, cv::COLOR_RGB2BGR);
      image = swapped;
    }
    std::vector<uchar> bytes;
    if (!codecs().encode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, quality}))
      return report(SENTRY_CV_FAILED, "the encoder gives nothing");
    take(user, bytes.data(), bytes.size());
    return static_cast<int32_t>(SENTRY_CV_OK);
  });
}

int32_t sentry_cv_grey(sentry_cv_pixels source, sentry_cv_pixels target, char *message, size_t message_size) {
  return filtered(source, target, false, message, message_size,
                  [&](const cv::Mat &from, cv::Mat &to) { cv::cvtColor(from, to, cv::COLOR_RGB2GRAY); });
}

int32_t sentry_cv_clahe(sentry_cv_pixels source, sentry_cv_pixels target, double clip_limit, int32_t tiles,
                        char *message, size_t message_size) {
  return filtered(source, target, true, message, message_size, [&](const cv::Mat &from, cv::Mat &to) {
    cv::createCLAHE(clip_limit, cv::Size(tiles, tiles))->apply(from, to);
  });
}

int32_t sentry_cv_perspective(const float *from, const float *to, double *map, char *message, size_t message_size) {
  return guarded(message, message_size, [&](const Report &report) {
    cv::Point2f before[4], after[4];
    for (int i = 0; i < 4; ++i) {
      before[i] = cv::Point2f(from[2 * i], from[2 * i + 1]);
      after[i] = cv::Point2f(to[2 * i], to[2 * i + 1]);
    }
    const cv::Mat matrix = cv::getPerspectiveTransform(before, after);
    for (int i = 0; i < 9; ++i) {
      map[i] = matrix.at<double>(i / 3, i % 3);
      if (!std::isfinite(map[i])) return report(SENTRY_CV_INVALID, "three of the points lie on a line");
    }
    const double determinant = cv::determinant(matrix);
    if (!std::isfinite(determinant) || determinant == 0)
      return report(SENTRY_CV_INVALID, "three of the points lie on a line");
    return static_cast<int32_t>(SENTRY_CV_OK);
  });
}

}  // extern "C"

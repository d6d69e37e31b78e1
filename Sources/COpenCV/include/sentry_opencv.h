/*
 * The few functions of OpenCV that Sentry uses, behind C: OpenCV has no C interface any more, and no C++ exception may
 * cross into Swift.
 *
 * Every function returns SENTRY_CV_OK or a status below; then `message` (when not null) holds why, cut to
 * `message_size` bytes with the terminating zero. All memory is the caller's. Every function may be called from any
 * thread; OpenCV starts none of its own.
 */
#ifndef SENTRY_OPENCV_H
#define SENTRY_OPENCV_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SENTRY_CV_OK = 0,
  /* An argument makes no sense: a size below 1, channels other than 1 or 3, views that do not fit together. */
  SENTRY_CV_INVALID = 1,
  /* The bytes are no image that OpenCV can decode. */
  SENTRY_CV_UNDECODABLE = 2,
  SENTRY_CV_OUT_OF_MEMORY = 3,
  /* OpenCV threw; `message` is its text. */
  SENTRY_CV_FAILED = 4,
  /* The image has an alpha channel, and shows nothing: every pixel is wholly transparent. */
  SENTRY_CV_TRANSPARENT = 5,
};

/* Pixels in rows without gaps: height x width x channels bytes. Borrowed for the call. */
typedef struct sentry_cv_pixels {
  uint8_t *_Nonnull data;
  int32_t width;
  int32_t height;
  int32_t channels; /* 1 grey, 3 RGB */
} sentry_cv_pixels;

/* OpenCV's version, such as "4.6.0". Never freed. */
const char *_Nonnull sentry_cv_version(void);

/*
 * Decodes an image file of `count` bytes to grey (channels 1) or RGB (channels 3), turned upright as its Exif
 * orientation says. `capacity` is the size of `pixels` in bytes; `width` and `height` receive the size, which may be
 * the header's with its sides swapped. With `alpha` 1 the file is a PNG whose pixels may be transparent: it is laid over
 * white, each value rounded to the nearest.
 */
int32_t sentry_cv_decode(const uint8_t *_Nonnull bytes, size_t count, int32_t channels, int32_t alpha, uint8_t *_Nonnull pixels,
                         size_t capacity, int32_t *_Nonnull width, int32_t *_Nonnull height, char *_Nullable message,
                         size_t message_size);

/*
 * Bilinear warp: `map` (3x3, by rows) takes indices of target pixels to indices of source pixels; outside is 0.
 * `black_edge` is 1 where the outermost pixels of the source are 0: what reaches beyond them needs no look, which is faster.
 */
int32_t sentry_cv_warp(sentry_cv_pixels source, sentry_cv_pixels target, const double *_Nonnull map, int32_t black_edge,
                       char *_Nullable message, size_t message_size);

/*
 * Bilinear: `map` (2x3, by rows) takes indices of target pixels to indices of source pixels; outside, the nearest pixel of the edge
 * goes on.
 */
int32_t sentry_cv_cut(sentry_cv_pixels source, sentry_cv_pixels target, const double *_Nonnull map,
                      char *_Nullable message, size_t message_size);

/* Resizes by averaging over area (cv::INTER_AREA), meant for shrinking. */
int32_t sentry_cv_resize_area(sentry_cv_pixels source, sentry_cv_pixels target, char *_Nullable message,
                              size_t message_size);

/* Resizes by averaging over area where the picture shrinks, bilinearly where it grows. */
int32_t sentry_cv_resize(sentry_cv_pixels source, sentry_cv_pixels target, char *_Nullable message, size_t message_size);

/* Gaussian blur with an odd kernel size; the border is mirrored without repeating the edge. */
int32_t sentry_cv_gaussian_blur(sentry_cv_pixels source, sentry_cv_pixels target, int32_t kernel_size, double sigma,
                                char *_Nullable message, size_t message_size);

/* Correlates with a 3x3 kernel, given by rows; the border is mirrored without repeating the edge. */
int32_t sentry_cv_filter3x3(sentry_cv_pixels source, sentry_cv_pixels target, const float *_Nonnull kernel,
                            char *_Nullable message, size_t message_size);

/*
 * Mirrors (left and right change places) where `mirrored` is 1, then turns clockwise by 0 to 3 `quarters`. The target has the
 * sides of the result.
 */
int32_t sentry_cv_turn(sentry_cv_pixels source, sentry_cv_pixels target, int32_t quarters, int32_t mirrored,
                       char *_Nullable message, size_t message_size);

/* Receives the bytes of a file, borrowed for the call. */
typedef void (*sentry_cv_take)(void *_Nullable user, const uint8_t *_Nonnull bytes, size_t count);

/* Makes a JPEG file of `quality` 0 to 100. */
int32_t sentry_cv_encode_jpeg(sentry_cv_pixels source, int32_t quality, sentry_cv_take _Nonnull take, void *_Nullable user,
                              char *_Nullable message, size_t message_size);

/* RGB to grey by ITU-R BT.601. */
int32_t sentry_cv_grey(sentry_cv_pixels source, sentry_cv_pixels target, char *_Nullable message, size_t message_size);

/* Contrast-limited adaptive histogram equalisation of a grey image in tiles x tiles tiles. */
int32_t sentry_cv_clahe(sentry_cv_pixels source, sentry_cv_pixels target, double clip_limit, int32_t tiles,
                        char *_Nullable message, size_t message_size);

/*
 * The map (3x3, by rows, last element 1) that takes the four points `from` (x, y, x, y, ...) to the points `to`.
 * SENTRY_CV_INVALID where there is none.
 */
int32_t sentry_cv_perspective(const float *_Nonnull from, const float *_Nonnull to, double *_Nonnull map,
                              char *_Nullable message, size_t message_size);

#ifdef __cplusplus
}
#endif
#endif

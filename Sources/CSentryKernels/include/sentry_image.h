/* The vector kernels of networks of few channels (depthwise convolutions, activations), as a table like that of sentry_kernels.h. */
#ifndef SENTRY_IMAGE_H
#define SENTRY_IMAGE_H
#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define SENTRY_IMAGE_FN *_Nonnull
#else
#define SENTRY_IMAGE_FN *
#endif

/* f: x; max(0, x); x * min(6, max(0, x + 3)) / 6 */
enum { SENTRY_IDENTITY = 0, SENTRY_RELU = 1, SENTRY_HARD_SWISH = 2 };

/* A convolution of each channel with a square kernel of its own; one image of `height` * `width` pixels becomes one of
 * `out_height` * `out_width`. */
typedef struct sentry_depthwise_v1 {
  ptrdiff_t height, width, out_height, out_width, channels, kernel, stride, padding;
} sentry_depthwise;

/* Maps are dense NHWC in f32; `channels` is a multiple of 8. Sums are added to what is there. */
typedef struct sentry_image_kernels_v1 {
  /* sum += x, squares += x * x, per channel */
  void (SENTRY_IMAGE_FN statistics)(ptrdiff_t pixels, ptrdiff_t channels, const float *x, double *sum, double *squares);
  /* out = f(x * scale + shift) */
  void (SENTRY_IMAGE_FN norm_activation)(ptrdiff_t pixels, ptrdiff_t channels, const float *x, const float *scale,
                                         const float *shift, int f, float *out);
  /* d becomes d' = d * f'(x * scale + shift), then factor * d'; sum += d', products += d' * (x - mean) */
  void (SENTRY_IMAGE_FN norm_activation_gradient)(ptrdiff_t pixels, ptrdiff_t channels, float *d, const float *x,
                                                  const float *scale, const float *shift, const float *mean,
                                                  const float *factor, int f, double *sum, double *products);
  /* d becomes a * d + b * (x - mean) + c: the input gradient of a batch norm */
  void (SENTRY_IMAGE_FN norm_input_gradient)(ptrdiff_t pixels, ptrdiff_t channels, float *d, const float *x,
                                             const float *mean, const float *a, const float *b, const float *c);
  /* out[channel] = weight * sum over pixels of x */
  void (SENTRY_IMAGE_FN sum)(ptrdiff_t pixels, ptrdiff_t channels, const float *x, float weight, float *out);
  /* out = x * scale + shift, per channel; `out` may be x */
  void (SENTRY_IMAGE_FN scale_shift)(ptrdiff_t pixels, ptrdiff_t channels, const float *x, const float *scale,
                                     const float *shift, float *out);
  /* out[channel] = sum over pixels of d * x */
  void (SENTRY_IMAGE_FN product_sum)(ptrdiff_t pixels, ptrdiff_t channels, const float *d, const float *x, float *out);
  /* One row of outputs. `weights` are [kernel * kernel][channels], here and below. */
  void (SENTRY_IMAGE_FN depthwise)(sentry_depthwise shape, ptrdiff_t row, const float *image, const float *weights,
                                   float *out);
  /* One row of the image's gradient dx, from that of all outputs. */
  void (SENTRY_IMAGE_FN depthwise_gradient)(sentry_depthwise shape, ptrdiff_t row, const float *gradient,
                                            const float *weights, float *dx);
  /* Adds the gradient of the weights that comes through one row of outputs, whose gradient is d. */
  void (SENTRY_IMAGE_FN depthwise_weights)(sentry_depthwise shape, ptrdiff_t row, const float *image, const float *d,
                                           float *weights);
} sentry_image_kernels;

sentry_image_kernels sentry_image_kernels_avx2(void);
sentry_image_kernels sentry_image_kernels_avx512(void);
sentry_image_kernels sentry_image_kernels_avx512bf16(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif

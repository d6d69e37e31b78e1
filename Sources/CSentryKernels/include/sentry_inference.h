/* The vector kernels of inference, as a table like that of sentry_kernels.h. */
#ifndef SENTRY_INFERENCE_H
#define SENTRY_INFERENCE_H
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define SENTRY_INFERENCE_FN *_Nonnull
#else
#define SENTRY_INFERENCE_FN *
#endif

/* Maps are f32 with `stride` floats a pixel; `channels` is a multiple of 16; results are dense. */
typedef struct sentry_inference_kernels_v1 {
  /* out = max(0, x * scale + shift), in f32 or bfloat16 */
  void (SENTRY_INFERENCE_FN norm_relu)(ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t stride,
                                       const float *scale, const float *shift, void *out);
  /* One row of outputs, each the mean of 2x2 max(0, x * scale + shift); `top` and `bottom` are the input rows. */
  void (SENTRY_INFERENCE_FN norm_relu_pool)(ptrdiff_t outputs, ptrdiff_t channels, const float *top, const float *bottom,
                                            ptrdiff_t stride, const float *scale, const float *shift, void *out);
  /* out[channel] = mean over pixels of max(0, x * scale + shift) */
  void (SENTRY_INFERENCE_FN norm_relu_mean)(ptrdiff_t pixels, ptrdiff_t channels, const float *x, ptrdiff_t stride,
                                            const float *scale, const float *shift, float *out);
  /* The output rows first ..< last of a 3x3 max pool, stride 2, padding 1, over one dense image of values >= 0; `out` is the
   * first of them, `stride` floats a pixel. */
  void (SENTRY_INFERENCE_FN max_pool)(ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t first,
                                      ptrdiff_t last, const float *x, float *out, ptrdiff_t stride);
  /* Copies groups of 16 channels: element (p, c) stands at p * pixel + c / 16 * group + c % 16. */
  void (SENTRY_INFERENCE_FN copy)(ptrdiff_t pixels, ptrdiff_t channels, const float *source, ptrdiff_t source_pixel,
                                  ptrdiff_t source_group, float *target, ptrdiff_t target_pixel,
                                  ptrdiff_t target_group);
} sentry_inference_kernels;

/* `bfloat16`: what norm_relu and norm_relu_pool write. */
sentry_inference_kernels sentry_inference_kernels_avx2(int bfloat16);
sentry_inference_kernels sentry_inference_kernels_avx512(int bfloat16);
sentry_inference_kernels sentry_inference_kernels_avx512bf16(int bfloat16);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif

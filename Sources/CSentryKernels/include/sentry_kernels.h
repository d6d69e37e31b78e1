/* The table of vector kernels. Each CPU level fills one in Swift (Sources/SentryKernels); callers import this header and
 * never a kernel module, so that no kernel is inlined into code compiled for another CPU. */
#ifndef SENTRY_KERNELS_H
#define SENTRY_KERNELS_H
#include <stddef.h>
#include <stdint.h>

#include "sentry_image.h"
#include "sentry_inference.h"
#include "sentry_winograd.h"

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define SENTRY_FN *_Nonnull
#else
#define SENTRY_FN *
#endif

/* Highest level that CPU and kernel run: 5 = x86-64-v4 with AVX512_BF16, 4 = x86-64-v4 (AVX-512), 3 = x86-64-v3
 * (AVX2 + FMA), 2 = none of them. */
int sentry_cpu_level(void);
/* What SENTRY_CPU calls a level; null for one that no kernels are built for. */
const char *_Nullable sentry_cpu_level_name(int level);

/* Activations are floats or bfloat16, by table; everything that is written `float` is one in both, and so are the views named
 * g (gradients of maps) and da (gradients that a convolution handed back). Strides count elements.
 * Channels stand in groups of 16: element (pixel p, channel c) is data[p * pixel + c / 16 * group + c % 16].
 * NHWC with row stride s: pixel = s, group = 16. NCHW16c of an image of h*w pixels: pixel = 16, group = h * w * 16. */
typedef struct sentry_view_v2 {
  void *data;
  ptrdiff_t pixel;
  ptrdiff_t group;
} sentry_view;

/* One step of an optimiser over `count` values, in float at any precision of the activations. `step` holds the numbers that its
 * kernel declares (Sources/SentryKernels/Update.swift), `slots` what is kept of each value, each of `count`. */
typedef void (*sentry_update)(ptrdiff_t count, const float *step, const float *gradient, float *value,
                              float *_Nonnull const *_Nonnull slots);

/* `channels` is a multiple of 32 in all of them; sums are added to what is there, in double. `mean` is the batch mean of each
 * channel: sums of products and gradients are taken of x - mean, since a channel's deviation can be far below its mean. */
typedef struct sentry_kernels_v4 {
  /* out = max(0, x * scale + shift) */
  void (SENTRY_FN norm_relu)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view x, const float *scale, const float *shift,
                             sentry_view out);
  /* sum += x, squares += x * x, per channel */
  void (SENTRY_FN statistics)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view x, double *sum, double *squares);
  /* out = x, with the statistics of x; no statistics where `sum` is NULL */
  void (SENTRY_FN copy_statistics)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view x, sentry_view out,
                                   double *_Nullable sum, double *_Nullable squares);
  /* out = a * g + b * (x - mean) + c, per channel: the input gradient of a batch norm; with `relu`, 0 where x <= 0 */
  void (SENTRY_FN norm_input_gradient)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view g, sentry_view x,
                                       const float *mean, const float *a, const float *b, const float *c, int relu,
                                       sentry_view out);
  /* d = da where act > 0, else 0; sum += d, products += d * (x - mean); g = factor * d (overwrite) or g += factor * d */
  void (SENTRY_FN relu_norm_gradient)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view da, sentry_view act, sentry_view x,
                                      const float *mean, const float *factor, int overwrite, sentry_view g, double *sum,
                                      double *products);
  /* The same for what norm_relu made: d = da where x * scale + shift > 0, else 0 */
  void (SENTRY_FN norm_relu_gradient)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view da, sentry_view x,
                                      const float *scale, const float *shift, const float *mean, const float *factor,
                                      int overwrite, sentry_view g, double *sum, double *products);
  /* One row of outputs, each the mean of 2x2 max(0, x * scale + shift). `top` and `bottom` point at the first input pixels,
   * whose stride is `stride`; outputs are dense. */
  void (SENTRY_FN norm_relu_pool)(ptrdiff_t outputs, ptrdiff_t channels, void *top, void *bottom, ptrdiff_t stride,
                                  const float *scale, const float *shift, void *out);
  /* Its backward: g = factor * d for the four inputs of each output, d = dout / 4 where the input was positive;
   * partial_sum += d, partial_products += d * (x - mean), in float (a caller adds them up over few rows). */
  void (SENTRY_FN norm_relu_pool_gradient)(ptrdiff_t outputs, ptrdiff_t channels, const float *dout, void *top,
                                           void *bottom, float *g_top, float *g_bottom, ptrdiff_t stride,
                                           const float *mean, const float *scale, const float *shift,
                                           const float *factor, float *partial_sum, float *partial_products);
  /* out = weight * sum over pixels of max(0, x * scale + shift) */
  void (SENTRY_FN norm_relu_mean)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view x, const float *scale,
                                  const float *shift, float weight, float *out);
  /* Its backward: g = factor * d, d = weight * dout where x * scale + shift > 0; sum += d,
   * products += d * (x - mean) */
  void (SENTRY_FN norm_relu_mean_gradient)(ptrdiff_t pixels, ptrdiff_t channels, const float *dout, float weight,
                                           sentry_view x, const float *mean, const float *scale, const float *shift,
                                           const float *factor, sentry_view g, double *sum, double *products);
  /* 3x3 max pool, stride 2, padding 1, of max(0, x * scale + shift) over one dense NHWC image; `index` gets the window
   * position (0...8) of each maximum. */
  void (SENTRY_FN norm_relu_max_pool)(ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, void *x,
                                      const float *scale, const float *shift, sentry_view out, float *index);
  /* sum += d, products += d * (x - mean) over the inputs of that pooling, d their gradients from the dense dout */
  void (SENTRY_FN max_pool_gradient_sums)(ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, void *dout,
                                          const float *index, void *x, const float *mean, double *sum,
                                          double *products);
  /* Its backward and that of the batch norm before it: dx = a * d + b * (x - mean) + c, dense */
  void (SENTRY_FN max_pool_gradient)(ptrdiff_t height, ptrdiff_t width, ptrdiff_t channels, void *dout,
                                     const float *index, void *x, const float *mean, const float *a, const float *b,
                                     const float *c, void *dx);
  /* destination = source as activations; count is at least 16 */
  void (SENTRY_FN convert)(ptrdiff_t count, const float *source, void *destination);
  /* destination += source */
  void (SENTRY_FN add)(ptrdiff_t count, const float *source, float *destination);
  double (SENTRY_FN sum_of_squares)(ptrdiff_t count, const float *x);
  /* The step of an optimiser by its name ("adamw"); null for one that there is no kernel of. */
  sentry_update _Nullable (SENTRY_FN update)(const char *name);
  /* out = max(0, x * scale + shift + residual) */
  void (SENTRY_FN norm_add_relu)(ptrdiff_t pixels, ptrdiff_t channels, sentry_view x, const float *scale,
                                 const float *shift, sentry_view residual, sentry_view out);
  /* out = d where act > 0, else 0; `out` may be d */
  void (SENTRY_FN relu_backward)(ptrdiff_t count, const float *d, const float *act, float *out);
  /* Drop-out: out = x / (1 - p), or 0 where a hash of `key` and the position first + i is below p * 2^32 = `limit`.
   * `out` may be x. The same call on a gradient is its backward pass. */
  void (SENTRY_FN dropout)(ptrdiff_t count, ptrdiff_t first, uint64_t key, uint32_t limit, float scale, const float *x,
                           float *out);
  /* One time step of an LSTM for dense rows, `hidden` a multiple of 16. `gates` [rows][4][hidden] holds i, f, g, o before
   * their activations and gets them after; cell = f * previous + i * g, squashed = tanh(cell), output = o * squashed. */
  void (SENTRY_FN lstm_cell)(ptrdiff_t rows, ptrdiff_t hidden, float *gates, const float *previous, float *cell,
                             float *squashed, float *output);
  /* Its backward: `gates` (activated) becomes the gradient before the activations; the output's gradient is dh + above
   * (NULL: dh alone); `carry`, the gradient of the cell from the step after, becomes that for the step before. */
  void (SENTRY_FN lstm_cell_gradient)(ptrdiff_t rows, ptrdiff_t hidden, float *gates, const float *previous,
                                      const float *squashed, const float *dh, const float *_Nullable above,
                                      float *carry);
  /* normalised = (x - mean) * rstd over the `count` (a multiple of 16) values of each row, out = normalised * weight + bias */
  void (SENTRY_FN layer_norm)(ptrdiff_t rows, ptrdiff_t count, float epsilon, const float *x, const float *weight,
                              const float *bias, float *normalised, float *rstd, float *out);
  /* dx = rstd * (w * dy - mean(w * dy) - normalised * mean(w * dy * normalised)), which may be dy; per column sum += dy,
   * products += dy * normalised */
  void (SENTRY_FN layer_norm_gradient)(ptrdiff_t rows, ptrdiff_t count, const float *dy, const float *weight,
                                       const float *normalised, const float *rstd, double *sum, double *products,
                                       float *dx);
} sentry_kernels;

/* The table of a level, for activations in bfloat16 or float. */
sentry_kernels sentry_kernels_avx2(int bfloat16);
sentry_kernels sentry_kernels_avx512(int bfloat16);
sentry_kernels sentry_kernels_avx512bf16(int bfloat16);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif

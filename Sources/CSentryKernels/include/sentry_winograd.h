/* Winograd's convolutions F(4x4, 3x3) in f32, as a table like that of sentry_kernels.h.
 *
 * An output is cut into tiles of 4x4, numbered row by row and image by image. A tile is a sum of products at 36 points, and
 * `points` are 36 matrices, `plane` floats apart: one row a tile, one column a channel. Images are NHWC. */
#ifndef SENTRY_WINOGRAD_H
#define SENTRY_WINOGRAD_H
#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define SENTRY_WINOGRAD_FN *_Nonnull
#else
#define SENTRY_WINOGRAD_FN *
#endif

/* Images of height * width pixels, `pixel` floats from one to the next, in `down` * `across` tiles each; `channels`, a multiple
 * of 16, of what is transformed. */
typedef struct sentry_tiles_v1 {
  ptrdiff_t height, width, down, across, channels, pixel;
} sentry_tiles;

typedef struct sentry_winograd_v1 {
  /* The 6x6 inputs of each of `count` tiles from `first` on, with a border of zeros around the image, to points. An input is
   * max(0, x * scale + shift), or x where these are NULL. `scratch` has room for 36 * channels floats, at
   * least 1152. */
  void (SENTRY_WINOGRAD_FN input)(sentry_tiles tiles, ptrdiff_t first, ptrdiff_t count, const float *images,
                                  const float *_Nullable scale, const float *_Nullable shift, float *scratch,
                                  float *points, ptrdiff_t plane);
  /* The points of the tiles to the 4x4 outputs of each, those past the image's edge left out. sum += y, squares += y * y per
   * channel, unless they are NULL. */
  void (SENTRY_WINOGRAD_FN output)(sentry_tiles tiles, ptrdiff_t first, ptrdiff_t count, const float *points,
                                   ptrdiff_t plane, float *scratch, float *images, double *_Nullable sum,
                                   double *_Nullable squares);
  /* The same for the gradient da of max(0, x * scale + shift), and on to that of x through the batch norm, as norm_relu_gradient
   * of sentry_kernels: d = da where x * scale + shift > 0, else 0; g = factor * d; sum += d, products += d * (x - mean). */
  void (SENTRY_WINOGRAD_FN output_norm_gradient)(sentry_tiles tiles, ptrdiff_t first, ptrdiff_t count,
                                                 const float *points, ptrdiff_t plane, float *scratch, const float *x,
                                                 const float *scale, const float *shift, const float *mean,
                                                 const float *factor, float *g, double *sum, double *products);
  /* The 4x4 gradients of each tile's outputs to those of their points: what `output` is the transpose of. */
  void (SENTRY_WINOGRAD_FN output_gradient)(sentry_tiles tiles, ptrdiff_t first, ptrdiff_t count, const float *images,
                                            float *scratch, float *points, ptrdiff_t plane);
  /* c [rows][columns] = (adding: c +) sum over `depth` of a [row][k] * b [k][column]. a's rows are a_row floats apart and its
   * columns a_depth; b's rows are b_row apart, its groups of 16 columns b_group; c's rows c_row. */
  void (SENTRY_WINOGRAD_FN product)(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_row,
                                    ptrdiff_t a_depth, const float *b, ptrdiff_t b_row, ptrdiff_t b_group, float *c,
                                    ptrdiff_t c_row, int adding);
  /* Weights [outputs][inputs][3][3] to points: 36 matrices [inputs][outputs], or, `turned` by half a turn as the gradient of the
   * input needs them, [outputs][inputs]. Both are multiples of 16. */
  void (SENTRY_WINOGRAD_FN weights)(ptrdiff_t inputs, ptrdiff_t outputs, const float *weights, int turned, float *points);
  /* Adds the gradient of the weights to `gradient` [outputs][inputs][3][3], from that of their points [inputs][outputs]: that
   * of `count` inputs from `first` on. */
  void (SENTRY_WINOGRAD_FN weights_gradient)(ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t first, ptrdiff_t count,
                                             const float *points, float *gradient);
  /* F(4, 3) along one dimension: six points. Of `count` neighbouring floats and those that lie step, 2 * step, ... behind them:
   * `valid` of the six that an input has, of the four that an output has; the rest are zeros, or left out. */
  void (SENTRY_WINOGRAD_FN line_input)(ptrdiff_t count, const float *source, ptrdiff_t step, ptrdiff_t valid,
                                       float *points, ptrdiff_t plane);
  /* target = scale * y + bias, of rows * channels floats; adding: on top of what is there. `bias` is one for a channel. */
  void (SENTRY_WINOGRAD_FN line_output)(ptrdiff_t rows, ptrdiff_t channels, const float *points, ptrdiff_t plane,
                                        const float *_Nullable bias, float scale, int adding, float *target,
                                        ptrdiff_t step, ptrdiff_t valid);
  void (SENTRY_WINOGRAD_FN line_output_gradient)(ptrdiff_t count, const float *source, ptrdiff_t step, ptrdiff_t valid,
                                                 float *points, ptrdiff_t plane);
  /* Weights [outputs][inputs][3] to six matrices of groups of 16 columns, [outputs / 16][inputs][16] or, turned,
   * [inputs / 16][outputs][16]. */
  void (SENTRY_WINOGRAD_FN line_weights)(ptrdiff_t inputs, ptrdiff_t outputs, const float *weights, int turned,
                                         float *points);
  /* Adds that of `count` outputs from `first` on to `gradient` [outputs][inputs][3]; `points` are [inputs][outputs]. */
  void (SENTRY_WINOGRAD_FN line_weights_gradient)(ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t first,
                                                  ptrdiff_t count, const float *points, float *gradient);
} sentry_winograd;

sentry_winograd sentry_winograd_avx2(void);
sentry_winograd sentry_winograd_avx512(void);
sentry_winograd sentry_winograd_avx512bf16(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif

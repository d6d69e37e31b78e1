/*
 * What Sentry draws on pictures with OpenCV's imgproc and freetype, behind C. Apart from sentry_opencv.h, because only who draws
 * loads the libraries of fonts.
 *
 * Statuses, messages, memory and threads are as in sentry_opencv.h. Points are in pixels, (0, 0) in the middle of the upper left
 * one; what lies outside the picture is not drawn. Lines are smoothed at their edges.
 */
#ifndef SENTRY_DRAWING_H
#define SENTRY_DRAWING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RGB pixels in rows without gaps. */
typedef struct sentry_drawing_pixels {
  uint8_t *_Nonnull data;
  int32_t width;
  int32_t height;
} sentry_drawing_pixels;

typedef struct sentry_drawing_colour {
  uint8_t red, green, blue;
} sentry_drawing_colour;

/* A thickness of -1 fills. */
int32_t sentry_drawing_rectangle(sentry_drawing_pixels pixels, int32_t left, int32_t top, int32_t right, int32_t bottom,
                                 sentry_drawing_colour colour, int32_t thickness, char *_Nullable message,
                                 size_t message_size);

/* In sixteenths of a pixel. */
int32_t sentry_drawing_line(sentry_drawing_pixels pixels, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                            sentry_drawing_colour colour, int32_t thickness, char *_Nullable message, size_t message_size);

/* A filled circle, in sixteenths of a pixel. */
int32_t sentry_drawing_circle(sentry_drawing_pixels pixels, int32_t x, int32_t y, int32_t radius,
                              sentry_drawing_colour colour, char *_Nullable message, size_t message_size);

/*
 * The room of a line of text (UTF-8) that is `size` pixels high: its width, and how far it reaches above and below its baseline. The font is the one of
 * the machine that has most of the text's characters.
 */
int32_t sentry_drawing_text_size(const char *_Nonnull text, int32_t size, int32_t *_Nonnull width,
                                 int32_t *_Nonnull above, int32_t *_Nonnull below, char *_Nullable message,
                                 size_t message_size);

/* Draws the line with its baseline at `y`, beginning at `x`. */
int32_t sentry_drawing_text(sentry_drawing_pixels pixels, const char *_Nonnull text, int32_t x, int32_t y, int32_t size,
                            sentry_drawing_colour colour, char *_Nullable message, size_t message_size);

#ifdef __cplusplus
}
#endif
#endif

/* sentry/video.h: frames from files, cameras and streams; what is done with pictures. All of it is a draft: formats of pixels
 * other than RGB have no place yet. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_VIDEO_H)
#define SENTRY_VIDEO_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_VIDEO "sentry.video/draft-1"

/* One frame. The caller owns the struct (struct_size set, the rest zero). */
typedef struct SENTRY_TAG(sentry_frame) {
  uint32_t struct_size;
  uint32_t flags; /* 0 */
  /* uint8 [H, W, 3] RGB, upright: turned as the source says. Handed over; null at the end of the source. */
  sentry_managed_tensor *SENTRY_NULLABLE image;
  double time;   /* seconds by the source's own clock: the presentation time of a file, which may start below 0 */
  int64_t index; /* of the frames that the source gave, from 0 */
} sentry_frame;
#define SENTRY_FRAME_SIZE_1_0 32u

/* An open source of frames. */
typedef struct SENTRY_TAG(sentry_video_reader) sentry_video_reader;
struct SENTRY_TAG(sentry_video_reader) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_video_reader *self); /* [any] */
  /* JSON, borrowed until destroyed: {"width": 640, "height": 360, "live": false, "rate": 25, "duration": 3.2, "frames": 80,
   * "rotation": 0}. Width and height are those of the upright picture, the rotation (degrees, clockwise) is done already. live:
   * frames that are not taken in time are lost. Absent: rate, duration, frames where the source does not tell; they are
   * claims, not counts. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_video_reader *self);
  /* The next frame, in the order of presentation. SENTRY_BAD_DATA where nothing more can be read. [serial] */
  sentry_status (*SENTRY_NONNULL next)(const sentry_video_reader *self, sentry_frame *frame, sentry_error *error);
  /* What went wrong without an end to reading: JSON, borrowed until the next call: {"notes": ["…"]}, one sentence each.
   * [serial] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL report)(const sentry_video_reader *self);
};
#define SENTRY_VIDEO_READER_SIZE_1_0 48u

/* Opens sources. The factory's score tells how well a path looks like one. */
typedef struct SENTRY_TAG(sentry_video) sentry_video;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_video) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_video *self); /* [main] */
  /* source: the path of a video, of a picture or of a folder of pictures; a URL; or the number of a camera. *reader is handed
   * over. [any] */
  sentry_status (*SENTRY_NONNULL open)(const sentry_video *self, const char *source,
                                       sentry_video_reader *SENTRY_NULLABLE *SENTRY_NONNULL reader, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_video *self, const char *id); /* [any] */
};
#define SENTRY_VIDEO_SIZE_1_0 40u

/* Extension: which cameras there are. Draft: it waits for what the kind waits for. */
#define SENTRY_EXTENSION_VIDEO_CAMERAS "sentry.video.cameras/draft-1"
typedef struct SENTRY_TAG(sentry_video_cameras) {
  uint32_t struct_size;
  /* *report is JSON, borrowed until the next call: {"cameras": [{"source": "0", "name": "…", "path": "/dev/video0", "problem":
   * "why it does not open"}], "notes": ["why there is none"]}; without "problem" it opens. [main] */
  sentry_status (*SENTRY_NONNULL list)(const sentry_video *self, const char *SENTRY_NULLABLE *SENTRY_NONNULL report,
                                       sentry_error *error);
} sentry_video_cameras;
#define SENTRY_VIDEO_CAMERAS_SIZE_1_0 16u

/* A video on its way to a file. */
typedef struct SENTRY_TAG(sentry_video_writer) sentry_video_writer;
struct SENTRY_TAG(sentry_video_writer) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  /* Without finish before it: nothing is left under the file's name. [any] */
  void (*SENTRY_NONNULL destroy)(sentry_video_writer *self);
  /* image: uint8 [H, W, 3] RGB; all of one size. time in seconds, greater than the one before. [serial] */
  sentry_status (*SENTRY_NONNULL write)(const sentry_video_writer *self, const sentry_tensor *image, double time,
                                        sentry_error *error);
  /* The file is complete and has its name. [serial] */
  sentry_status (*SENTRY_NONNULL finish)(const sentry_video_writer *self, sentry_error *error);
};
#define SENTRY_VIDEO_WRITER_SIZE_1_0 40u

/* Extension: writing videos. Draft: it waits for what the kind waits for. */
#define SENTRY_EXTENSION_VIDEO_WRITING "sentry.video.writing/draft-1"
typedef struct SENTRY_TAG(sentry_video_writing) {
  uint32_t struct_size;
  /* path: of the file; its suffix chooses the container. rate: frames a second as a player is to think of it; each frame keeps
   * its own time. *writer is handed over. [any] */
  sentry_status (*SENTRY_NONNULL create)(const sentry_video *self, const char *path, double rate,
                                         sentry_video_writer *SENTRY_NULLABLE *SENTRY_NONNULL writer, sentry_error *error);
} sentry_video_writing;
#define SENTRY_VIDEO_WRITING_SIZE_1_0 16u

/* Extension: what is done with pictures, uint8 [H, W, 3] RGB. Draft: it waits for what the kind waits for. */
#define SENTRY_EXTENSION_VIDEO_PICTURES "sentry.video.pictures/draft-1"
typedef struct SENTRY_TAG(sentry_video_pictures) {
  uint32_t struct_size;
  /* Cuts a rectangle out and turns it upright. region: x and y of its middle, width, height, all in pixels, and its rotation in
   * radians, clockwise. *picture, of the rectangle's rounded size, is handed over; beyond the image its edge goes on. [any] */
  sentry_status (*SENTRY_NONNULL cut)(const sentry_video *self, const sentry_tensor *image, const double *region,
                                      sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL picture, sentry_error *error);
  /* Draws on the image, in the order of marks, JSON:
   *   [{"kind": "box", "at": [x, y, width, height], "colour": [r, g, b]},
   *    {"kind": "line", "at": [x0, y0, x1, y1], "colour": …}, {"kind": "point", "at": [x, y], "colour": …},
   *    {"kind": "text", "at": [x, y], "text": "…", "colour": …},
   *    {"kind": "bar", "at": [x, y, width, height], "value": 0.7, "text": "…", "colour": …}]
   * Positions are parts of the image, as a detector's. Colours are 0 to 255. Widths of lines and sizes of letters follow the
   * image's height. Text is any UTF-8 and stands on a dark ground, its upper left corner at the position. [any] */
  sentry_status (*SENTRY_NONNULL draw)(const sentry_video *self, sentry_tensor *image, const char *marks,
                                       sentry_error *error);
  /* The image as a JPEG file, uint8 [bytes], handed over. quality: 1 to 100. [any] */
  sentry_status (*SENTRY_NONNULL encode)(const sentry_video *self, const sentry_tensor *image, int32_t quality,
                                         sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL file, sentry_error *error);
} sentry_video_pictures;
#define SENTRY_VIDEO_PICTURES_SIZE_1_0 32u

/* Extension: a window on the screen. Draft: it waits for what the kind waits for. */
#define SENTRY_EXTENSION_VIDEO_WINDOW "sentry.video.window/draft-1"
typedef struct SENTRY_TAG(sentry_video_window) {
  uint32_t struct_size;
  /* Shows an image in the window of that title, which it opens at first, and waits at most so many seconds for a key. *key is
   * its Unicode character in lower case, 0: none, -1: the user closed the window. [main] */
  sentry_status (*SENTRY_NONNULL show)(const sentry_video *self, const char *title, const sentry_tensor *image, double seconds,
                                       int32_t *key, sentry_error *error);
} sentry_video_window;
#define SENTRY_VIDEO_WINDOW_SIZE_1_0 16u

SENTRY_END_DECLARATIONS

#endif

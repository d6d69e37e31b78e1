/* sentry/detector.h: what there is in an image, and where. The kind is a draft: it waits for a second detector from outside. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_DETECTOR_H)
#define SENTRY_DETECTOR_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_DETECTOR "sentry.detector/draft-1"

/* What was found in one image: N instances with K keypoints each, the surest first. The caller owns the struct (struct_size
 * set, the rest null); the callee fills it with tensors that it hands over.
 *
 * Positions are parts of the image: x of its width, y of its height, from the upper left corner, y down. They may lie outside of
 * 0…1 where an instance goes on beyond the image. */
typedef struct SENTRY_TAG(sentry_instances) {
  uint32_t struct_size;
  sentry_managed_tensor *SENTRY_NULLABLE boxes;  /* float32 [N, 4]: x and y of the upper left corner, width, height */
  sentry_managed_tensor *SENTRY_NULLABLE scores; /* float32 [N], 0…1 */
  /* int64 [N]: the same number is the same instance in all images of a session; -1 where it is not followed. Null: none is. */
  sentry_managed_tensor *SENTRY_NULLABLE ids;
  /* float32 [N, K, 4]: x, y, depth z in the scale of x (smaller is nearer, 0 where it is not known), visibility 0…1. Null where
   * the description names no keypoints. */
  sentry_managed_tensor *SENTRY_NULLABLE keypoints;
  /* float32 [N, K, 3]: the keypoints in metres, y down, from an origin that the detector documents. Null where it knows none. */
  sentry_managed_tensor *SENTRY_NULLABLE world;
} sentry_instances;
#define SENTRY_INSTANCES_SIZE_1_0 48u

/* One video, or one camera, on its way through a detector: it may follow instances from image to image. */
typedef struct SENTRY_TAG(sentry_detector_session) sentry_detector_session;
struct SENTRY_TAG(sentry_detector_session) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_detector_session *self); /* [any] */
  /* The next image, uint8 [H, W, 3] RGB and upright; its size may differ from that of the image before. time is in seconds and
   * grows. What is found depends on the images and times of this session alone. [serial] */
  sentry_status (*SENTRY_NONNULL next)(const sentry_detector_session *self, const sentry_tensor *image, double time,
                                       sentry_instances *found, sentry_error *error);
};
#define SENTRY_DETECTOR_SESSION_SIZE_1_0 32u

typedef struct SENTRY_TAG(sentry_detector) sentry_detector;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_detector) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_detector *self); /* [main] */
  /* JSON, borrowed until destroyed: {"instances": "person", "keypoints": ["nose", …], "edges": [[0, 1], …]}: what it finds, as
   * a word for the user; its keypoints in order; which of them a picture joins by a line. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_detector *self);
  /* An image by itself, uint8 [H, W, 3] RGB and upright. [serial] */
  sentry_status (*SENTRY_NONNULL detect)(const sentry_detector *self, const sentry_tensor *image, sentry_instances *found,
                                         sentry_error *error);
  /* *session is handed over; the detector outlives it. Sessions of one detector are used one at a time, like detect. [serial] */
  sentry_status (*SENTRY_NONNULL start)(const sentry_detector *self,
                                        sentry_detector_session *SENTRY_NULLABLE *SENTRY_NONNULL session,
                                        sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_detector *self, const char *id); /* [any] */
};
#define SENTRY_DETECTOR_SIZE_1_0 56u

SENTRY_END_DECLARATIONS

#endif

/* sentry/features.h: keypoints over time become one vector a frame. The kind is a draft, as detectors are. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_FEATURES_H)
#define SENTRY_FEATURES_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_FEATURES "sentry.features/draft-1"

/* One instance over time. */
typedef struct SENTRY_TAG(sentry_features_session) sentry_features_session;
struct SENTRY_TAG(sentry_features_session) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_features_session *self); /* [any] */
  /* The keypoints of the next frame that shows the instance, float32 [K, 4] as a detector gives them, in the order that the
   * description asks for. time is in seconds and grows. values, float32 [F], is filled in. A vector depends on the frames of
   * this session alone. [serial] */
  sentry_status (*SENTRY_NONNULL next)(const sentry_features_session *self, const sentry_tensor *keypoints, double time,
                                       sentry_tensor *values, sentry_error *error);
};
#define SENTRY_FEATURES_SESSION_SIZE_1_0 32u

typedef struct SENTRY_TAG(sentry_features) sentry_features;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_features) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_features *self); /* [main] */
  /* JSON, borrowed until destroyed: {"names": ["shoulder_angle", …], "keypoints": ["nose", …]}: the F values of a vector, and
   * the K keypoints that they are made of, by the detectors' names. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_features *self);
  /* *session is handed over. [any] */
  sentry_status (*SENTRY_NONNULL start)(const sentry_features *self,
                                        sentry_features_session *SENTRY_NULLABLE *SENTRY_NONNULL session,
                                        sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_features *self, const char *id); /* [any] */
};
#define SENTRY_FEATURES_SIZE_1_0 48u

SENTRY_END_DECLARATIONS

#endif

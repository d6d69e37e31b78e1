/* sentry/dataset.h: samples with their targets. The kind and statistics are stable; soft targets are a draft. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_DATASET_H)
#define SENTRY_DATASET_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_DATASET "sentry.dataset/1"

#define SENTRY_SPLIT_TRAIN 0
#define SENTRY_SPLIT_VALIDATION 1
#define SENTRY_SPLIT_TEST 2

#define SENTRY_TARGET_MISSING (-1)

/* Samples with their targets, by split and index. */
typedef struct SENTRY_TAG(sentry_dataset) sentry_dataset;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_dataset) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_dataset *self); /* [main] */
  /* JSON, borrowed until destroyed:
   *   {"sample": {"dtype": "uint8", "shape": [-1, -1, -1], "layout": "HWC"},
   *    "tasks": [{"name": "emotion", "classes": ["neutral", "happy"]}],
   *    "notes": ["what a reader of the run should know"],
   *    "origin": …}            (any value, may be absent: how the samples were made; kept in run.json and in checkpoints)
   * An extent of -1 varies from sample to sample. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_dataset *self);
  /* The number of samples in a split; 0 if there is no such split. [any] */
  int64_t (*SENTRY_NONNULL count)(const sentry_dataset *self, int32_t split);
  /* The class index of every task, in the order of `tasks`; SENTRY_TARGET_MISSING if unlabelled. Cheap: reads no
   * sample. `targets` has room for one number for each task. [any] */
  sentry_status (*SENTRY_NONNULL targets)(const sentry_dataset *self, int32_t split, int64_t index, int64_t *targets,
                                          sentry_error *error);
  /* Reads one sample; *sample is handed over. The host may keep it and not ask for it again. For a damaged sample
   * the status is SENTRY_BAD_DATA. [any] */
  sentry_status (*SENTRY_NONNULL sample)(const sentry_dataset *self, int32_t split, int64_t index,
                                         sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL sample,
                                         sentry_error *error);
  /* The origin of a sample (a path, a row) for messages and tables. Writes at most capacity bytes, including NUL, and
   * returns the length of the whole name. [any] */
  int64_t (*SENTRY_NONNULL name)(const sentry_dataset *self, int32_t split, int64_t index, char *SENTRY_NULLABLE buffer,
                                 int64_t capacity);
  /* The group of a sample (a person, a recording). A hold-out never divides a group. The numbers apply to the whole dataset:
   * the same number in two splits means the same person. -1: unknown. [any] */
  int64_t (*SENTRY_NONNULL group)(const sentry_dataset *self, int32_t split, int64_t index);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_dataset *self, const char *id); /* [any] */
};
#define SENTRY_DATASET_SIZE_1_0 80u

/* Extension of a dataset that can compute statistics of its values. An augmenter that normalises with them requests them
 * through its options.
 * Stable. */
#define SENTRY_EXTENSION_DATASET_STATISTICS "sentry.dataset.statistics/1"
typedef struct SENTRY_TAG(sentry_dataset_statistics) {
  uint32_t struct_size;
  /* The statistics of `count` samples of a split, given by their indices: only those that the run trains on. *json receives
   * {"mean": [one number for each feature], "std": [likewise], "source": "where they come from"}, borrowed until the next
   * call or destroy. A sample that cannot be read is left out; reading it gives the reason. [main] */
  sentry_status (*SENTRY_NONNULL statistics)(const sentry_dataset *self, int32_t split, const int64_t *indices,
                                             int64_t count, const char *SENTRY_NULLABLE *SENTRY_NONNULL json,
                                             sentry_error *error);
} sentry_dataset_statistics;
#define SENTRY_DATASET_STATISTICS_SIZE_1_0 16u

/* Extension of a dataset whose labels are distributions, such as the votes of several people. Draft: no dataset of the project has
 * used it for long. */
#define SENTRY_EXTENSION_DATASET_SOFT_TARGETS "sentry.dataset.soft-targets/draft-1"
typedef struct SENTRY_TAG(sentry_dataset_soft_targets) {
  uint32_t struct_size;
  /* The probabilities of the classes of every task, one task after the other in the order of `tasks`; a task without a distribution has
   * NaN for all of its classes, and its class index counts. `probabilities` has room for the classes of all tasks. Cheap, as
   * `targets` is. [any] */
  sentry_status (*SENTRY_NONNULL probabilities)(const sentry_dataset *self, int32_t split, int64_t index,
                                                float *probabilities, sentry_error *error);
} sentry_dataset_soft_targets;
#define SENTRY_DATASET_SOFT_TARGETS_SIZE_1_0 16u

SENTRY_END_DECLARATIONS

#endif

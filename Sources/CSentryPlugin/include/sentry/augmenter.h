/* sentry/augmenter.h: prepares samples for a model. The kind and reading are stable; views are a draft. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_AUGMENTER_H)
#define SENTRY_AUGMENTER_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_AUGMENTER "sentry.augmenter/1"

/* How strongly samples are varied, in increasing order: none, mild, standard, strong. The numbers follow the order in which
 * they were added. */
#define SENTRY_AUGMENT_NONE 0     /* evaluation: preprocessing only, no randomness */
#define SENTRY_AUGMENT_MILD 3     /* since 1.2: training, less than the standard; SENTRY_UNSUPPORTED where there is none */
#define SENTRY_AUGMENT_STANDARD 1 /* training */
#define SENTRY_AUGMENT_STRONG 2   /* training, the stronger set */

/* Turns a sample into an input of the model, with or without random changes.
 *
 * If its options declare a property "input", the host sets it to the SPEC of the dataset's samples. If they declare
 * "statistics", the host sets it to what the dataset's extension sentry.dataset.statistics/1 reports about the training
 * samples; without that extension the property is absent. Both are kept with the run and in its checkpoints. */
typedef struct SENTRY_TAG(sentry_augmenter) sentry_augmenter;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_augmenter) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_augmenter *self); /* [main] */
  /* JSON, borrowed until destroyed: {"input": SPEC, "output": SPEC, "normalisation": …}, where SPEC has the form of
   * a dataset's "sample". "normalisation" may be any value; it is kept in checkpoints for users of the model. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_augmenter *self);
  /* The output depends only on input, strength and seed. *output is handed over. [any] */
  sentry_status (*SENTRY_NONNULL apply)(const sentry_augmenter *self, const sentry_tensor *input, int32_t strength,
                                        uint64_t seed, sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL output,
                                        sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_augmenter *self, const char *id); /* [any] */
};
#define SENTRY_AUGMENTER_SIZE_1_0 48u

/* Extension of an augmenter that reads files, so that a trained model can predict files that belong to no dataset.
 * Stable. */
#define SENTRY_EXTENSION_AUGMENTER_READER "sentry.augmenter.reader/1"
typedef struct SENTRY_TAG(sentry_augmenter_reader) {
  uint32_t struct_size;
  /* JSON, borrowed until the augmenter is destroyed: {"suffixes": [".jpg"], "options": the JSON Schema of the options
   * of read}. Suffixes are those of file names, in lower case. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_augmenter *self);
  /* The number of samples in a file, at least 1. Cheap: reads no more than a header. [any] */
  sentry_status (*SENTRY_NONNULL count)(const sentry_augmenter *self, const char *path, int64_t *count, sentry_error *error);
  /* Reads one sample in the form that apply takes; *sample is handed over. options is JSON, checked and complete. A damaged file is
   * SENTRY_BAD_DATA. [any] */
  sentry_status (*SENTRY_NONNULL read)(const sentry_augmenter *self, const char *path, int64_t index, const char *options,
                                       sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL sample, sentry_error *error);
} sentry_augmenter_reader;
#define SENTRY_AUGMENTER_READER_SIZE_1_0 32u

/* Extension of an augmenter that shows one sample in several ways, so that a trained model can be asked about each and its
 * answers averaged. Draft: views are those of one sample, and every set has a fixed number of them. */
#define SENTRY_EXTENSION_AUGMENTER_VIEWS "sentry.augmenter.views/draft-1"
typedef struct SENTRY_TAG(sentry_augmenter_views) {
  uint32_t struct_size;
  /* JSON, borrowed until the augmenter is destroyed: {"sets": [{"name": "flip", "count": 2, "help": "a sentence"}]}. Names are
   * lower-case letters, digits and '-'; counts are 2 to 256. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_augmenter *self);
  /* View `view` (from 0) of set number `set` (from 0, in the order of describe) of a sample, in the form that apply gives.
   * Without randomness; *output is handed over. [any] */
  sentry_status (*SENTRY_NONNULL view)(const sentry_augmenter *self, const sentry_tensor *input, int32_t set, int32_t view,
                                       sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL output, sentry_error *error);
} sentry_augmenter_views;
#define SENTRY_AUGMENTER_VIEWS_SIZE_1_0 24u

SENTRY_END_DECLARATIONS

#endif

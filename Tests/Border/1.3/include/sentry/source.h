/* sentry/source.h: the catalogue of data, and the preparation of raw data. The kind and the extension are stable. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_SOURCE_H)
#define SENTRY_SOURCE_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_SOURCE "sentry.source/1"

/* A source of data: an entry of the catalogue, and the preparer that turns the fetched files into a dataset on disk. A host
 * that does not know this kind lists it and does not use it. The factory's score, if it has one, says how well a path looks
 * like raw data of this source. */
typedef struct SENTRY_TAG(sentry_source) sentry_source;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_source) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_source *self); /* [main] */
  /* The entry of the catalogue as JSON, borrowed until destroyed; docs/plugin-border.md has its members:
   *   {"key": "…", "title": "…", "summary": "…", "access": "direct", "steps": ["…"], "files": [{"url": "https://…", "name":
   *    "data.csv", "bytes": 123, "md5": "…"}], "best_for": "…", "dataset": "…", "prepares": true}   [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_source *self);
  /* Turns `raw` (a file or folder; the host has unpacked archives) into a dataset at `output`: either all of it or
   * nothing. The options of create say how. *report receives JSON, borrowed until the next call: {"output",
   * "samples": {split: count}, "notes": ["…"]}. Calls is_cancelled and progress. [main] */
  sentry_status (*SENTRY_NONNULL prepare)(const sentry_source *self, const char *raw, const char *output,
                                          const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_source *self, const char *id); /* [any] */
};
#define SENTRY_SOURCE_SIZE_1_0 48u

/* Extension of a source whose data the user records: it makes a folder that the user fills in. Stable. */
#define SENTRY_EXTENSION_SOURCE_TEMPLATE "sentry.source.template/1"
typedef struct SENTRY_TAG(sentry_source_template) {
  uint32_t struct_size;
  /* Makes the folder with all that a recording of `seconds` seconds needs; refuses a folder that is not empty. *report is as
   * in prepare; its notes say what to do next. [main] */
  sentry_status (*SENTRY_NONNULL create)(const sentry_source *self, const char *folder, double seconds,
                                         const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
  /* Checks whether such a folder is filled in. *report is JSON, borrowed until the next call: {"problems": ["…"],
   * "notes": ["…"]}. [main] */
  sentry_status (*SENTRY_NONNULL check)(const sentry_source *self, const char *folder,
                                        const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
} sentry_source_template;
#define SENTRY_SOURCE_TEMPLATE_SIZE_1_0 24u

SENTRY_END_DECLARATIONS

#endif

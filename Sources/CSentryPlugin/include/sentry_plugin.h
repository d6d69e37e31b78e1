/* sentry_plugin.h: the border between the host and its plugins. C11; border version 1.3.
 *
 * This file declares what every plugin needs: statuses, tensors, the host, the factory, the plugin. It includes one file for each
 * kind of component, sentry/dataset.h and so on, which also declares the extensions of that kind.
 *
 * Only C crosses the border, so a plugin may be written in Swift, C, C++, Rust or anything else that makes a shared library.
 *
 * Growth.     Every struct starts with struct_size, set to its own sizeof by whoever makes it. Members are only appended. A
 *             reader looks at a member that is newer than 1.0 only if SENTRY_HAS(object, member). The version is in every
 *             struct's tag: Swift's runtime keeps one description per C struct name for the whole process, so two lengths
 *             under one name would truncate values. Optional abilities go through get_extension("name/1").
 * Extensions. get_extension gives the same answer as long as the object lives; the host asks when it receives the object. A
 *             struct that is shorter than in the first version of its extension is refused, like a short object.
 * Stability.  A kind or an extension whose id ends in /N is stable: it only grows, by appended members, and keeps its meaning.
 *             One whose id ends in /draft-N may change or disappear in any release; a change raises N, so that two sides with
 *             different meanings do not meet. Each extension says which it is, and each draft says what is missing.
 * Version.    A plugin states the border it was built for. Its major must equal the host's; its minor must not exceed the host's.
 * Threads.    Each function carries a tag. [main]: the host calls it on its main thread, one call at a time in the process.
 *             [any]: from any thread, several at once. [serial]: from any thread, but never two calls on one object at once.
 * Ownership.  A pointer is borrowed for the call unless its comment says "handed over" or "borrowed until".
 * Errors.     A function that can fail returns a status and fills *error, whose strings the caller releases through
 *             error->destroy. Nothing else leaves a function: no Swift error, no C++ exception, no longjmp.
 * Options.    JSON objects (RFC 8259, UTF-8), described by a JSON Schema that the component states. The host checks them and
 *             fills in the defaults before create.
 */
#ifndef SENTRY_PLUGIN_H
#define SENTRY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define SENTRY_ABI_MAJOR 1u
#define SENTRY_ABI_MINOR 3u

#define SENTRY_HAS(object, member) \
  ((object)->struct_size >= offsetof(__typeof__(*(object)), member) + sizeof((object)->member))

#define SENTRY_TAG(name) name##_v1_3 /* of the border that last appended a member */

#if defined(__clang__)
#define SENTRY_NULLABLE _Nullable
#define SENTRY_NONNULL _Nonnull /* assume_nonnull passes over function pointers in structs */
#define SENTRY_BEGIN_NONNULL \
  _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wnullability-extension\"") \
      _Pragma("clang assume_nonnull begin")
#define SENTRY_END_NONNULL _Pragma("clang assume_nonnull end") _Pragma("clang diagnostic pop")
#define SENTRY_SENDABLE __attribute__((swift_attr("@Sendable")))
#define SENTRY_SWIFT_NAME(name) __attribute__((swift_name(name)))
#else
#define SENTRY_NULLABLE
#define SENTRY_NONNULL
#define SENTRY_BEGIN_NONNULL
#define SENTRY_END_NONNULL
#define SENTRY_SENDABLE
#define SENTRY_SWIFT_NAME(name)
#endif
#ifdef __cplusplus
#define SENTRY_BEGIN_DECLARATIONS extern "C" { SENTRY_BEGIN_NONNULL
#define SENTRY_END_DECLARATIONS SENTRY_END_NONNULL }
#else
#define SENTRY_BEGIN_DECLARATIONS SENTRY_BEGIN_NONNULL
#define SENTRY_END_DECLARATIONS SENTRY_END_NONNULL
#endif

SENTRY_BEGIN_DECLARATIONS

/* ---------------------------------------------------------------------------------------------------------- Statuses */

/* An int32_t, never an enum: the size of an enum is the compiler's choice. */
typedef int32_t sentry_status;
#define SENTRY_OK 0
#define SENTRY_FAILED 1      /* any failure without a number of its own */
#define SENTRY_INVALID 2     /* an argument or an option is wrong: the user can correct the command */
#define SENTRY_UNSUPPORTED 3 /* the component does not support this */
#define SENTRY_BAD_DATA 4    /* a file or a sample is damaged; with --skip-bad the run continues */
#define SENTRY_CANCELLED 5   /* the host asked to stop */
#define SENTRY_NO_MEMORY 6   /* memory ran out */

/* What went wrong. The caller owns the struct (struct_size set, the rest zero); the callee may fill it. The strings belong
 * to the callee: the caller ends with error->destroy(error) if destroy is set. */
typedef struct SENTRY_TAG(sentry_error) sentry_error;
struct SENTRY_TAG(sentry_error) {
  uint32_t struct_size;
  sentry_status code;
  const char *SENTRY_NULLABLE message; /* what happened and where: names the file, the row, the option */
  const char *SENTRY_NULLABLE hint;    /* what to do about it */
  void *SENTRY_NULLABLE owner;         /* owned by the callee */
  void (*SENTRY_NULLABLE destroy)(sentry_error *self); /* [any] */
};
#define SENTRY_ERROR_SIZE_1_0 40u

/* ----------------------------------------------------------------------------------------------------------- Tensors */

/* DLPack 1.x (dmlc/dlpack) under our own names, byte for byte: a pointer to one is a pointer to the other. */
typedef struct SENTRY_TAG(sentry_device) {
  int32_t device_type; /* DLDeviceType: SENTRY_DEVICE_CPU, or another */
  int32_t device_id;
} sentry_device;
#define SENTRY_DEVICE_CPU 1
#define SENTRY_DEVICE_CUDA 2
#define SENTRY_DEVICE_EXTENSION 12

typedef struct SENTRY_TAG(sentry_dtype) {
  uint8_t code; /* DLDataTypeCode */
  uint8_t bits;
  uint16_t lanes; /* 1 */
} sentry_dtype;
#define SENTRY_DTYPE_INT 0u
#define SENTRY_DTYPE_UINT 1u
#define SENTRY_DTYPE_FLOAT 2u
#define SENTRY_DTYPE_BFLOAT 4u

/* DLTensor. strides counts elements; null means row-major. The receiver checks dtype, shape, strides and alignment. */
typedef struct SENTRY_TAG(sentry_tensor) {
  void *SENTRY_NULLABLE data;
  sentry_device device;
  int32_t ndim;
  sentry_dtype dtype;
  int64_t *SENTRY_NULLABLE shape;
  int64_t *SENTRY_NULLABLE strides;
  uint64_t byte_offset;
} sentry_tensor;

/* DLManagedTensorVersioned: a tensor handed over. The receiver ends with deleter(self). */
typedef struct SENTRY_TAG(sentry_managed_tensor) sentry_managed_tensor;
struct SENTRY_TAG(sentry_managed_tensor) {
  uint32_t dlpack_major, dlpack_minor; /* 1, 0 */
  void *SENTRY_NULLABLE manager_ctx;
  void (*SENTRY_NULLABLE deleter)(sentry_managed_tensor *self); /* [any] */
  uint64_t flags;
  sentry_tensor tensor;
};
#define SENTRY_TENSOR_READ_ONLY 1ull

/* A tensor with a name: a parameter, a buffer, a piece of state. */
typedef struct SENTRY_TAG(sentry_named_tensor) {
  uint32_t struct_size;
  uint32_t flags;
  const char *SENTRY_NULLABLE name;        /* borrowed until its owner is destroyed */
  sentry_tensor *SENTRY_NULLABLE value;    /* borrowed until its owner is destroyed; writable */
  sentry_tensor *SENTRY_NULLABLE gradient; /* likewise; null for buffers, state and frozen parameters */
} sentry_named_tensor;
#define SENTRY_NAMED_TENSOR_SIZE_1_0 32u
#define SENTRY_TENSOR_TRAINABLE 1u /* an optimiser may change it */
#define SENTRY_TENSOR_BUFFER 2u    /* kept in checkpoints but never trained: running statistics and the like */

/* ----------------------------------------------------------------------------------------------------- Host services */

#define SENTRY_LOG_DEBUG 0
#define SENTRY_LOG_INFO 1
#define SENTRY_LOG_WARNING 2
#define SENTRY_LOG_ERROR 3

#define SENTRY_REDUCE_SUM 0

/* What the host offers; valid until the process ends.
 *
 * Threads of plugins. A plugin starts no threads of its own accord: parallel_for has the host's. One over a library that has
 * threads of its own (OpenMP, an autograd engine, a driver) limits that library to thread_count() before its first use, and lets no
 * thread of it call the host. [serial] functions come from any thread: what a library keeps for each thread (CUDA's current
 * device and stream) is set in each call. */
typedef struct SENTRY_TAG(sentry_host) sentry_host;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_host) {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor;
  void *SENTRY_NULLABLE context;
  /* Writes one line for the user, with the name of the component. [any] */
  void (*SENTRY_NONNULL log)(const sentry_host *self, int32_t level, const char *component, const char *message);
  /* 1 after the user asked to stop: long work then returns SENTRY_CANCELLED soon. [any] */
  int32_t (*SENTRY_NONNULL is_cancelled)(const sentry_host *self);
  /* Reports long work outside of training steps: `done` of `total` (0: unknown) units, which `what` names. [any] */
  void (*SENTRY_NONNULL progress)(const sentry_host *self, const char *what, int64_t done, int64_t total);
  /* Records a number once an epoch, beside the host's own numbers: it is written to history.json under `name`. [any] */
  void (*SENTRY_NONNULL metric)(const sentry_host *self, const char *name, double value);
  /* A seed that depends only on the run's seed, `stream` and `index`. [any] */
  uint64_t (*SENTRY_NONNULL random_seed)(const sentry_host *self, const char *stream, uint64_t index);
  /* The number of threads that parallel_for uses, at least 1; constant in one process. [any] */
  int32_t (*SENTRY_NONNULL thread_count)(const sentry_host *self);
  /* Calls body(user, index, thread) once for each index below count, on the host's one pool, and returns when all calls have
   * returned. The split is static: thread t of T runs [count*t/T, count*(t+1)/T) in order. Must not be called from
   * body. [serial] */
  void (*SENTRY_NONNULL parallel_for)(const sentry_host *self, int64_t count, void *SENTRY_NULLABLE user,
                                      void (*SENTRY_NONNULL body)(void *SENTRY_NULLABLE user, int64_t index, int32_t thread));
  /* The rank of this process and the number of processes that train together; 0 of 1 if there is only one. [any] */
  void (*SENTRY_NONNULL world)(const sentry_host *self, int32_t *rank, int32_t *size);
  /* Starts to combine the same tensor of every rank in place, in an order that depends only on ranks, size and type; every
   * rank gets the same bytes. all_reduce_wait ends it. Between the two the tensor belongs to the host. *ticket names the
   * operation. All ranks start the same operations in the same order. A tensor on a device: SENTRY_UNSUPPORTED unless the
   * run's communicator reaches the device, see sentry/communicator.h. [serial] */
  sentry_status (*SENTRY_NONNULL all_reduce_start)(const sentry_host *self, sentry_tensor *tensor, int32_t operation,
                                                   uint64_t *ticket, sentry_error *error);
  sentry_status (*SENTRY_NONNULL all_reduce_wait)(const sentry_host *self, uint64_t ticket, sentry_error *error);
  /* An optional ability by its id, or null; valid until the process ends. [any] */
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_host *self, const char *id);
};
#define SENTRY_HOST_SIZE_1_0 112u

/* ------------------------------------------------------------------------------------------------------------ Plugin */

/* One component that a plugin offers. */
typedef struct SENTRY_TAG(sentry_factory) sentry_factory;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_factory) {
  uint32_t struct_size;
  const char *kind;           /* SENTRY_KIND_… */
  const char *name;           /* as on the command line: lower case, digits, hyphens */
  const char *summary;        /* one sentence */
  const char *options_schema; /* JSON Schema of an object: properties with type, default, description, enum, minimum, … */
  void *SENTRY_NULLABLE context;
  /* Makes the object, which depends on the kind: a sentry_dataset*, …; handed over (released by its own destroy). options is
   * JSON, checked and complete. [main] */
  sentry_status (*SENTRY_NONNULL create)(const sentry_factory *self, const char *options,
                                         void *SENTRY_NULLABLE *SENTRY_NONNULL object, sentry_error *error);
  /* How well a path looks like data for this component, 0 (not at all) to 100; null if the component reads no paths. A quick
   * check: names and headers, not samples. [main] */
  int32_t (*SENTRY_NULLABLE score)(const sentry_factory *self, const char *path);
  /* Since 1.3; null if the component works wherever its file loads. Whether it can work on `device` in this process: "cpu", "cuda",
   * "cuda:1" or "auto", which asks for any device but the CPU. SENTRY_UNSUPPORTED with a message says why not. Quick: it makes no
   * object. The host asks where a recipe leaves the choice of a component to it, and before create, if the component's options declare
   * the property "device" (a string), which the host sets to what the user asked for. [main] */
  sentry_status (*SENTRY_NULLABLE available)(const sentry_factory *self, const char *device, sentry_error *error);
};
#define SENTRY_FACTORY_SIZE_1_0 64u
#define SENTRY_FACTORY_SIZE_1_3 72u

/* A plugin; lives until the process ends. */
typedef struct SENTRY_TAG(sentry_plugin) sentry_plugin;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_plugin) {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor; /* the border it was built for */
  const char *name, *version, *summary;
  void *SENTRY_NULLABLE context;
  uint32_t factory_count;
  uint32_t recipe_count;
  const sentry_factory *SENTRY_NULLABLE (*SENTRY_NONNULL get_factory)(const sentry_plugin *self, uint32_t index); /* [main] */
  /* A recipe is pure data that defines `sentry train NAME`. JSON, borrowed until the process ends; docs/plugin-border.md
   * lists its members. [main] */
  const char *SENTRY_NULLABLE (*SENTRY_NONNULL get_recipe)(const sentry_plugin *self, uint32_t index);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_plugin *self, const char *id); /* [main] */
};
#define SENTRY_PLUGIN_SIZE_1_0 80u

/* The one exported symbol. Called once [main]; host stays valid. Null with *error filled: the plugin declines. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const sentry_plugin *SENTRY_NULLABLE sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error)
    SENTRY_SWIFT_NAME("sentryPluginEntry(_:_:)");

#define SENTRY_PLUGIN_ENTRY "sentry_plugin_entry_v1"
typedef const sentry_plugin *SENTRY_NULLABLE (*sentry_plugin_entry_fn)(const sentry_host *host, sentry_error *error);

/* Extension of the host that reads files of weights, so that no plugin needs an unpickler: what torch.save writes, safetensors,
 * Sentry's checkpoints. No code in a file runs. Draft: it reads whole files into memory. */
#define SENTRY_EXTENSION_HOST_WEIGHTS "sentry.host.weights/draft-1"
typedef struct SENTRY_TAG(sentry_weights) sentry_weights; /* an open file */
typedef struct SENTRY_TAG(sentry_host_weights) {
  uint32_t struct_size;
  /* Opens a file and finds its state dict, also inside of "state_dict", "model" and the like. *weights is handed over: it ends with
   * close. [any] */
  sentry_status (*SENTRY_NONNULL open)(const sentry_host *self, const char *path,
                                       sentry_weights *SENTRY_NULLABLE *SENTRY_NONNULL weights, sentry_error *error);
  int64_t (*SENTRY_NONNULL count)(const sentry_weights *weights); /* [any] */
  /* A tensor with its name in the file, without the prefixes of wrappers ("module."); borrowed until close. [any] */
  sentry_status (*SENTRY_NONNULL tensor)(const sentry_weights *weights, int64_t index, sentry_named_tensor *out,
                                         sentry_error *error);
  void (*SENTRY_NONNULL close)(sentry_weights *weights); /* [any] */
} sentry_host_weights;
#define SENTRY_HOST_WEIGHTS_SIZE_1_0 40u

SENTRY_END_DECLARATIONS

/* ------------------------------------------------------------------------------------------------------------- Kinds */

/* Each kind with its extensions. A kind that uses the types of another one is included after it. */
#include "sentry/dataset.h"
#include "sentry/augmenter.h"
#include "sentry/model.h"
#include "sentry/trainer.h"
#include "sentry/source.h"
#include "sentry/detector.h"
#include "sentry/features.h"
#include "sentry/video.h"
#include "sentry/communicator.h"

#endif

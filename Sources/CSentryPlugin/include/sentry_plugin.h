/* sentry_plugin.h: the border between the host and its plugins. C11; border version 1.1.
 *
 * Only C crosses it, so a plugin may be written in Swift, C, C++, Rust or anything else that makes a shared library.
 *
 * Growth.     Every struct starts with struct_size, set to its own sizeof by whoever makes it. Members are only appended. A
 *             reader looks at a member that is newer than 1.0 only if SENTRY_HAS(object, member). The version is in every
 *             struct's tag: Swift's runtime keeps one description per C struct name for the whole process, so two lengths
 *             under one name would truncate values. Abilities that not everyone has go through get_extension("name/1").
 * Version.    A plugin states the border it was built for. Its major must be the host's; its minor at most the host's.
 * Threads.    Each function carries a tag. [main] the host calls it on its main thread, one call at a time in the process.
 *             [any] from any thread, several at once. [serial] from any thread, but never two calls on one object at once.
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
#define SENTRY_ABI_MINOR 1u

#define SENTRY_HAS(object, member) \
  ((object)->struct_size >= offsetof(__typeof__(*(object)), member) + sizeof((object)->member))

#define SENTRY_TAG(name) name##_v1_0

#if defined(__clang__)
#define SENTRY_NULLABLE _Nullable
#define SENTRY_NONNULL _Nonnull /* assume_nonnull passes over function pointers in structs */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#pragma clang assume_nonnull begin
#define SENTRY_SENDABLE __attribute__((swift_attr("@Sendable")))
#define SENTRY_SWIFT_NAME(name) __attribute__((swift_name(name)))
#else
#define SENTRY_NULLABLE
#define SENTRY_NONNULL
#define SENTRY_SENDABLE
#define SENTRY_SWIFT_NAME(name)
#endif
#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------------------------------------------------- Statuses */

/* An int32_t, never an enum: the size of an enum is the compiler's choice. */
typedef int32_t sentry_status;
#define SENTRY_OK 0
#define SENTRY_FAILED 1      /* anything without a number of its own */
#define SENTRY_INVALID 2     /* an argument or an option is wrong: the user can mend the command */
#define SENTRY_UNSUPPORTED 3 /* the component cannot do that at all */
#define SENTRY_BAD_DATA 4    /* a file or a sample is damaged; --skip-bad lets a run go on */
#define SENTRY_CANCELLED 5   /* the host asked to stop */
#define SENTRY_NO_MEMORY 6   /* memory ran out */

/* What went wrong. The caller owns the struct (struct_size set, the rest zero); the callee may fill it. The strings belong
 * to the callee: the caller ends with error->destroy(error) where destroy is set. */
typedef struct SENTRY_TAG(sentry_error) sentry_error;
struct SENTRY_TAG(sentry_error) {
  uint32_t struct_size;
  sentry_status code;
  const char *SENTRY_NULLABLE message; /* what happened and where: names the file, the row, the option */
  const char *SENTRY_NULLABLE hint;    /* what to do about it */
  void *SENTRY_NULLABLE owner;         /* the callee's own */
  void (*SENTRY_NULLABLE destroy)(sentry_error *self); /* [any] */
};

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
#define SENTRY_TENSOR_TRAINABLE 1u /* an optimiser may change it */
#define SENTRY_TENSOR_BUFFER 2u    /* kept in checkpoints but never trained: running statistics and the like */

/* ----------------------------------------------------------------------------------------------------- Host services */

#define SENTRY_LOG_DEBUG 0
#define SENTRY_LOG_INFO 1
#define SENTRY_LOG_WARNING 2
#define SENTRY_LOG_ERROR 3

#define SENTRY_REDUCE_SUM 0

/* What the host offers; valid until the process ends. A plugin starts no threads of its own accord. */
typedef struct SENTRY_TAG(sentry_host) sentry_host;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_host) {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor;
  void *SENTRY_NULLABLE context;
  /* Writes one line for the user, under the name of the component. [any] */
  void (*SENTRY_NONNULL log)(const sentry_host *self, int32_t level, const char *component, const char *message);
  /* 1 once the user asked to stop: long work returns SENTRY_CANCELLED soon after. [any] */
  int32_t (*SENTRY_NONNULL is_cancelled)(const sentry_host *self);
  /* Long work outside of training steps: `done` of `total` (0: unknown) of what `what` names. [any] */
  void (*SENTRY_NONNULL progress)(const sentry_host *self, const char *what, int64_t done, int64_t total);
  /* A number worth recording beside the host's own, once an epoch: it enters history.json under `name`. [any] */
  void (*SENTRY_NONNULL metric)(const sentry_host *self, const char *name, double value);
  /* A seed that depends on nothing but the run's seed, `stream` and `index`. [any] */
  uint64_t (*SENTRY_NONNULL random_seed)(const sentry_host *self, const char *stream, uint64_t index);
  /* The number of threads that parallel_for uses, at least 1; constant in one process. [any] */
  int32_t (*SENTRY_NONNULL thread_count)(const sentry_host *self);
  /* Calls body(user, index, thread) once for each index below count, on the host's one pool, and returns when all have
   * returned. The split is static: thread t of T runs [count*t/T, count*(t+1)/T) in order. Not from inside body. [serial] */
  void (*SENTRY_NONNULL parallel_for)(const sentry_host *self, int64_t count, void *SENTRY_NULLABLE user,
                                      void (*SENTRY_NONNULL body)(void *SENTRY_NULLABLE user, int64_t index, int32_t thread));
  /* This process among those that train together: rank of size. Alone: 0 of 1. [any] */
  void (*SENTRY_NONNULL world)(const sentry_host *self, int32_t *rank, int32_t *size);
  /* Starts to combine the same tensor of every rank, in rank order, in place; all_reduce_wait ends it. Between the two the
   * tensor belongs to the host. *ticket names the operation. [serial] */
  sentry_status (*SENTRY_NONNULL all_reduce_start)(const sentry_host *self, sentry_tensor *tensor, int32_t operation,
                                                   uint64_t *ticket, sentry_error *error);
  sentry_status (*SENTRY_NONNULL all_reduce_wait)(const sentry_host *self, uint64_t ticket, sentry_error *error);
  /* An ability by name, or null; valid until the process ends. [any] */
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_host *self, const char *id);
};

/* ----------------------------------------------------------------------------------------------------------- Dataset */

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
   *    "origin": …}            (free, may be absent: what made the samples; kept in run.json and in checkpoints)
   * An extent of -1 varies from sample to sample. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_dataset *self);
  /* How many samples a split has; 0 where there is no such split. [any] */
  int64_t (*SENTRY_NONNULL count)(const sentry_dataset *self, int32_t split);
  /* The class index of every task, in the order of `tasks`; SENTRY_TARGET_MISSING where unlabelled. Cheap: reads no
   * sample. `targets` has room for one number a task. [any] */
  sentry_status (*SENTRY_NONNULL targets)(const sentry_dataset *self, int32_t split, int64_t index, int64_t *targets,
                                          sentry_error *error);
  /* Reads one sample; *sample is handed over. The host may keep it and not ask for it again. A damaged one is
   * SENTRY_BAD_DATA. [any] */
  sentry_status (*SENTRY_NONNULL sample)(const sentry_dataset *self, int32_t split, int64_t index,
                                         sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL sample,
                                         sentry_error *error);
  /* Where a sample comes from (a path, a row) for messages and tables. Writes at most capacity bytes, NUL included, and
   * returns the length that the whole name has. [any] */
  int64_t (*SENTRY_NONNULL name)(const sentry_dataset *self, int32_t split, int64_t index, char *SENTRY_NULLABLE buffer,
                                 int64_t capacity);
  /* Samples of one group (a person, a recording) never end on both sides of a hold-out. The numbers are of the whole
   * dataset: one number in two splits is one person in both. -1: unknown. [any] */
  int64_t (*SENTRY_NONNULL group)(const sentry_dataset *self, int32_t split, int64_t index);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_dataset *self, const char *id); /* [any] */
};

/* Extension of a dataset that can tell how its values lie; an augmenter that normalises by them asks through its options. */
#define SENTRY_EXTENSION_DATASET_STATISTICS "sentry.dataset.statistics/1"
typedef struct SENTRY_TAG(sentry_dataset_statistics) {
  uint32_t struct_size;
  /* Over `count` samples of a split, by their indices: those that a run trains on, and no other. *json receives
   * {"mean": [one number for each feature], "std": [likewise], "source": "where they come from"}, borrowed until the next
   * call or destroy. A sample that cannot be read is left out: reading it will say why. [main] */
  sentry_status (*SENTRY_NONNULL statistics)(const sentry_dataset *self, int32_t split, const int64_t *indices,
                                             int64_t count, const char *SENTRY_NULLABLE *SENTRY_NONNULL json,
                                             sentry_error *error);
} sentry_dataset_statistics;

/* --------------------------------------------------------------------------------------------------------- Augmenter */

#define SENTRY_KIND_AUGMENTER "sentry.augmenter/1"

#define SENTRY_AUGMENT_NONE 0     /* evaluation: preprocessing only, no randomness */
#define SENTRY_AUGMENT_STANDARD 1 /* training */
#define SENTRY_AUGMENT_STRONG 2   /* training, the stronger set */

/* Turns a sample into what a model takes, with or without random changes.
 *
 * An augmenter whose options declare a property "input" receives there the SPEC of the dataset's samples, and one that
 * declares "statistics" what the dataset's extension sentry.dataset.statistics/1 says of the samples that the run trains on
 * (the property stays out where the dataset does not offer it). Both are kept with the run and in its checkpoints. */
typedef struct SENTRY_TAG(sentry_augmenter) sentry_augmenter;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_augmenter) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_augmenter *self); /* [main] */
  /* JSON, borrowed until destroyed: {"input": SPEC, "output": SPEC, "normalisation": …}, where SPEC is a dataset's
   * "sample". "normalisation" is free: it is kept in checkpoints for those who use the model. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_augmenter *self);
  /* The output depends on input, strength and seed alone. *output is handed over. [any] */
  sentry_status (*SENTRY_NONNULL apply)(const sentry_augmenter *self, const sentry_tensor *input, int32_t strength,
                                        uint64_t seed, sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL output,
                                        sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_augmenter *self, const char *id); /* [any] */
};

/* Extension of an augmenter that reads files by itself, where a trained model judges what is in no dataset. */
#define SENTRY_EXTENSION_AUGMENTER_READER "sentry.augmenter.reader/1"
typedef struct SENTRY_TAG(sentry_augmenter_reader) {
  uint32_t struct_size;
  /* JSON, borrowed until the augmenter is destroyed: {"suffixes": [".jpg"], "options": the JSON Schema of what read takes}.
   * Suffixes are of file names, in lower case. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_augmenter *self);
  /* How many samples a file holds, at least 1. Cheap: looks at no more than a header. [any] */
  sentry_status (*SENTRY_NONNULL count)(const sentry_augmenter *self, const char *path, int64_t *count, sentry_error *error);
  /* Reads one of them, as apply takes it; *sample is handed over. options is JSON, checked and complete. A damaged file is
   * SENTRY_BAD_DATA. [any] */
  sentry_status (*SENTRY_NONNULL read)(const sentry_augmenter *self, const char *path, int64_t index, const char *options,
                                       sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL sample, sentry_error *error);
} sentry_augmenter_reader;

/* ------------------------------------------------------------------------------------------------------------- Model */

#define SENTRY_KIND_MODEL "sentry.model/1"

#define SENTRY_FORWARD_TRAINING 1u    /* keep what backward needs; drop-out and batch statistics are on */
#define SENTRY_FORWARD_SAMPLE 2u      /* since 1.1: evaluation but for drop-out, which is on: one sample of the predictions.
                                       * Asked only of a model whose description says "stochastic"; SENTRY_UNSUPPORTED where
                                       * it cannot, or together with SENTRY_FORWARD_TRAINING */
#define SENTRY_BACKWARD_ACCUMULATE 1u /* add to the gradients instead of replacing them */

/* A network: named parameters, forward, backward.
 *
 * A model whose options declare a property "tasks" receives there the tasks of the dataset ([{"name", "classes"}]), so that
 * its heads fit; one that declares "input" the SPEC of what the augmenter gives (without one: of the dataset's samples),
 * without varying extents. */
typedef struct SENTRY_TAG(sentry_model) sentry_model;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_model) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_model *self); /* [main] */
  /* JSON, borrowed until destroyed:
   *   {"input": {"dtype": "float32", "shape": [1, 224, 224]},       (of one sample)
   *    "outputs": [{"name": "emotion", "kind": "logits", "classes": ["neutral", "happy"]},
   *                {"name": "embedding", "kind": "embedding", "shape": [1280]}],
   *    "architecture": "…",
   *    "stochastic": true,       (has drop-out and takes SENTRY_FORWARD_SAMPLE; absent: no)
   *    "temperature": "name of a buffer"}                            [any]
   * All logits are divided by the temperature: a float32 buffer of one element that stays as it is while training, and that a
   * trainer may fit afterwards. Without the key it is the buffer called "temperature", where there is one. */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_model *self);
  /* Parameters and buffers, in the order of the state dict. [any] */
  int64_t (*SENTRY_NONNULL parameter_count)(const sentry_model *self);
  sentry_status (*SENTRY_NONNULL parameter)(const sentry_model *self, int64_t index, sentry_named_tensor *out,
                                            sentry_error *error); /* [any] */
  /* input: [N, …] as described. outputs: one slot for each described output, in that order, handed over. Equal seeds draw
   * equal drop-out. [serial] */
  sentry_status (*SENTRY_NONNULL forward)(const sentry_model *self, const sentry_tensor *input, uint32_t flags, uint64_t seed,
                                          sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NONNULL outputs,
                                          sentry_error *error);
  /* The gradient of the loss for each output of the last training forward; null: zero. Fills the parameters' gradients.
   * [serial] */
  sentry_status (*SENTRY_NONNULL backward)(const sentry_model *self,
                                           const sentry_tensor *SENTRY_NULLABLE const *SENTRY_NONNULL gradients,
                                           uint32_t flags, sentry_error *error);
  /* The values of parameters or buffers were changed from outside: packed copies are stale. [serial] */
  sentry_status (*SENTRY_NONNULL parameters_changed)(const sentry_model *self, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_model *self, const char *id); /* [any] */
};

/* Extension of a model whose parameters the trainer cannot reach (another device): it applies the update itself. */
#define SENTRY_EXTENSION_MODEL_UPDATE "sentry.model.update/1"
typedef struct SENTRY_TAG(sentry_model_update) {
  uint32_t struct_size;
  /* One optimiser step over the gradients of the last backward. settings is JSON: {"optimizer", "lr", "weight_decay",
   * "max_norm" (0: no clipping), "step" (from 1)} and what PyTorch's group of that optimiser has: of "adamw" "betas", "eps";
   * of "sgd" "momentum", "dampening", "nesterov". An optimiser that it does not know is SENTRY_UNSUPPORTED.
   * *gradient_norm receives the norm before clipping. [serial] */
  sentry_status (*SENTRY_NONNULL update)(const sentry_model *self, const char *settings, double *gradient_norm,
                                         sentry_error *error);
  /* Copies parameter, buffer or optimiser state `name` to (write = 0) or from (write = 1) a CPU tensor. [serial] */
  sentry_status (*SENTRY_NONNULL transfer)(const sentry_model *self, const char *name, int32_t write, sentry_tensor *tensor,
                                           sentry_error *error);
} sentry_model_update;

/* Extension of a model that can say what it computes in evaluation, for export. */
#define SENTRY_EXTENSION_MODEL_GRAPH "sentry.model.graph/1"
typedef struct SENTRY_TAG(sentry_model_graph) {
  uint32_t struct_size;
  /* *graph receives a graph of ONNX operators as JSON, borrowed until the model is destroyed:
   *   {"opset": 17, "input": "input",
   *    "nodes": [{"op": "Conv", "inputs": ["input", "conv0.weight"], "outputs": ["x"],
   *               "attributes": {"strides": {"ints": [2, 2]}, "auto_pad": {"string": "NOTSET"}}}],
   *    "constants": [{"name": "axes", "shape": [1], "integers": [1]}]}
   * Inputs that no node makes are parameters and buffers by name; the outputs bear the names of the described ones.
   * [serial] */
  sentry_status (*SENTRY_NONNULL graph)(const sentry_model *self, const char *SENTRY_NULLABLE *SENTRY_NONNULL graph,
                                        sentry_error *error);
} sentry_model_graph;

/* Extension of a model that can tell what memory a pass takes. */
#define SENTRY_EXTENSION_MODEL_MEMORY "sentry.model.memory/1"
typedef struct SENTRY_TAG(sentry_model_memory) {
  uint32_t struct_size;
  /* Bytes that a pass over `batch` samples needs beyond the parameters and their gradients: activations, scratch, packed
   * weights. flags: SENTRY_FORWARD_TRAINING asks for forward and backward, 0 for a forward pass alone. An estimate, rather
   * too high than too low: where it does not fit, the host splits the batch. [serial] */
  int64_t (*SENTRY_NONNULL estimate)(const sentry_model *self, int64_t batch, uint32_t flags);
} sentry_model_memory;

/* ----------------------------------------------------------------------------------------------------------- Trainer */

#define SENTRY_KIND_TRAINER "sentry.trainer/1"

/* One batch, borrowed for the call. */
typedef struct SENTRY_TAG(sentry_batch) {
  uint32_t struct_size;
  int32_t epoch;         /* from 0 */
  int64_t step;          /* of the whole run, from 0 */
  uint64_t seed;         /* for what is random in this step */
  sentry_tensor inputs;  /* [N, …] */
  sentry_tensor targets; /* int64 [N, tasks], SENTRY_TARGET_MISSING where unlabelled */
} sentry_batch;

/* What a step or an evaluation of one batch gave. The caller provides the arrays, one entry a task. */
typedef struct SENTRY_TAG(sentry_step) {
  uint32_t struct_size;
  uint32_t task_count;
  double loss;          /* of this batch */
  double loss_weight;   /* what the batch weighs in the mean of the losses over an epoch */
  double gradient_norm; /* before clipping; 0 in evaluation */
  double learning_rate; /* that this step used */
  int64_t *SENTRY_NULLABLE correct;  /* top-1 hits */
  int64_t *SENTRY_NULLABLE labelled; /* samples with a target */
  /* Slots for the logits of each task, handed over; null when the caller wants none. */
  sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NULLABLE logits;
} sentry_step;

#define SENTRY_EPOCH_BEST 1u /* the model is the best so far: keep it */
#define SENTRY_EPOCH_STOP 2u /* training should end here */

/* Decides loss, schedule, clipping, update and when to stop. The host drives epochs and batches. */
typedef struct SENTRY_TAG(sentry_trainer) sentry_trainer;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_trainer) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_trainer *self); /* [main] */
  /* Before anything else; the model stays valid until destroy. run is JSON: {"epochs", "steps_per_epoch", "batch_size",
   * "balanced", "balanced_task": the task whose classes are, where one is, "tasks": [{"name", "classes", "counts": training
   * samples per class}]}. [main] */
  sentry_status (*SENTRY_NONNULL begin)(const sentry_trainer *self, const sentry_model *model, const char *run,
                                        sentry_error *error);
  /* At the start of every epoch, from 0: the schedule's moment. Also after restore, for the epoch that goes on. [serial] */
  sentry_status (*SENTRY_NONNULL begin_epoch)(const sentry_trainer *self, int32_t epoch, sentry_error *error);
  /* Forward, loss, backward, update. [serial] */
  sentry_status (*SENTRY_NONNULL step)(const sentry_trainer *self, const sentry_batch *batch, sentry_step *result,
                                       sentry_error *error);
  /* Forward and loss in evaluation mode. [serial] */
  sentry_status (*SENTRY_NONNULL evaluate)(const sentry_trainer *self, const sentry_batch *batch, sentry_step *result,
                                           sentry_error *error);
  /* After validation. metrics is JSON: {"epoch", "train_loss", "train_acc", "val_loss", "val_acc", "train_acc/<task>",
   * "val_acc/<task>"}; accuracies in percent, train_acc and val_acc the means over the tasks that have more than one class in
   * the training data. *flags receives SENTRY_EPOCH_…; *reason a sentence, borrowed until the next call. [serial] */
  sentry_status (*SENTRY_NONNULL end_epoch)(const sentry_trainer *self, const char *metrics, uint32_t *flags,
                                            const char *SENTRY_NULLABLE *SENTRY_NONNULL reason, sentry_error *error);
  /* The tensors of the state, named "<slot>/<parameter>": exp_avg/…, exp_avg_sq/…, step/…; writable, stable after begin.
   * [serial] */
  int64_t (*SENTRY_NONNULL state_count)(const sentry_trainer *self);
  sentry_status (*SENTRY_NONNULL state)(const sentry_trainer *self, int64_t index, sentry_named_tensor *out,
                                        sentry_error *error);
  /* The rest of the state as a JSON object, borrowed until the next call. Its key "param_groups", where present, is
   * PyTorch's of the same name, with parameter names for "params". An empty text where JSON cannot hold the state, with the
   * reason in the host's log: the run then fails and keeps what was saved before. [serial] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL save)(const sentry_trainer *self);
  /* Takes back what save gave; the host has filled the tensors of state() before. [serial] */
  sentry_status (*SENTRY_NONNULL restore)(const sentry_trainer *self, const char *json, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_trainer *self, const char *id); /* [any] */
};

/* What a model answered to samples, and what was right; borrowed for the call. */
typedef struct SENTRY_TAG(sentry_answers) {
  uint32_t struct_size;
  uint32_t task_count;
  const sentry_tensor *targets; /* int64 [N, tasks], SENTRY_TARGET_MISSING where unlabelled */
  /* One a task, as evaluate gave them: float32 [N, classes]. */
  const sentry_tensor *SENTRY_NONNULL const *SENTRY_NONNULL logits;
} sentry_answers;

/* Extension of a trainer that fits a trained model's temperature, so that its probabilities mean what they say. The host
 * calls it once training has ended, for the best and for the last model: it puts the model's values in place, with the
 * temperature of the training, passes the validation samples through evaluate, and divides them into two seeded halves, whole
 * groups where groups are known. */
#define SENTRY_EXTENSION_TRAINER_CALIBRATION "sentry.trainer.calibration/1"
typedef struct SENTRY_TAG(sentry_trainer_calibration) {
  uint32_t struct_size;
  /* 1 where the trainer's options ask for it; after begin. [serial] */
  int32_t (*SENTRY_NONNULL wanted)(const sentry_trainer *self);
  /* Fits the temperature on one half, writes it into the model, and judges it on the other. *report receives a JSON object
   * for run.json and the checkpoint, borrowed until the next call; its "summary" is a sentence for the log. [serial] */
  sentry_status (*SENTRY_NONNULL calibrate)(const sentry_trainer *self, const sentry_answers *fitting,
                                            const sentry_answers *judging,
                                            const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
} sentry_trainer_calibration;

/* ------------------------------------------------------------------------------------------------------------ Source */

#define SENTRY_KIND_SOURCE "sentry.source/1"

/* Where data come from: an entry of the catalogue, and the preparer that turns what was fetched into a dataset on disk. A
 * kind of its own, which a host that does not know it lists and leaves alone. The factory's score, where there is one, tells
 * how well a path looks like raw data of this source. */
typedef struct SENTRY_TAG(sentry_source) sentry_source;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_source) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_source *self); /* [main] */
  /* The entry of the catalogue as JSON, borrowed until destroyed; docs/plugin-border.md has its members:
   *   {"key": "…", "title": "…", "summary": "…", "access": "direct", "steps": ["…"], "files": [{"url": "https://…", "name":
   *    "data.csv", "bytes": 123, "md5": "…"}], "best_for": "…", "dataset": "…", "prepares": true}   [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_source *self);
  /* Turns `raw` (a file or folder; the host has unpacked archives) into a dataset at `output`: all of it, or nothing. How is
   * in the options of create. *report receives JSON, borrowed until the next call: {"output", "samples": {split: count},
   * "notes": ["…"]}. Asks is_cancelled and tells progress. [main] */
  sentry_status (*SENTRY_NONNULL prepare)(const sentry_source *self, const char *raw, const char *output,
                                          const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_source *self, const char *id); /* [any] */
};

/* Extension of a source whose data the user records: a folder to fill in. */
#define SENTRY_EXTENSION_SOURCE_TEMPLATE "sentry.source.template/1"
typedef struct SENTRY_TAG(sentry_source_template) {
  uint32_t struct_size;
  /* Makes the folder with all that a recording of so many seconds needs; refuses one that is not empty. *report as in
   * prepare, its notes telling what to do next. [main] */
  sentry_status (*SENTRY_NONNULL create)(const sentry_source *self, const char *folder, double seconds,
                                         const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
  /* Looks whether such a folder is filled in. *report is JSON, borrowed until the next call: {"problems": ["…"],
   * "notes": ["…"]}. [main] */
  sentry_status (*SENTRY_NONNULL check)(const sentry_source *self, const char *folder,
                                        const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
} sentry_source_template;

/* Extension of a trainer that can pass a batch through the model in parts and add up their gradients. */
#define SENTRY_EXTENSION_TRAINER_SPLIT "sentry.trainer.split/1"
typedef struct SENTRY_TAG(sentry_trainer_split) {
  uint32_t struct_size;
  /* After begin, before the first step: at most `samples` samples go through the model at once from now on. Loss and
   * gradients of a batch stay what they are of the whole; what the model computes over a batch (statistics) is of each
   * part. [main] */
  sentry_status (*SENTRY_NONNULL set_size)(const sentry_trainer *self, int64_t samples, sentry_error *error);
} sentry_trainer_split;

/* Extension of a trainer that tells a batch's loss by task: with class weights the mean of batches is not the whole's loss. */
#define SENTRY_EXTENSION_TRAINER_LOSSES "sentry.trainer.losses/1"
typedef struct SENTRY_TAG(sentry_trainer_losses) {
  uint32_t struct_size;
  /* Of the last evaluate, for each task: the weighted sum of its samples' losses, and the sum of their weights. Over several
   * batches both add up; the loss is the sum of the tasks' quotients. The caller provides the arrays. [serial] */
  sentry_status (*SENTRY_NONNULL last)(const sentry_trainer *self, uint32_t task_count, double *sums, double *weights,
                                       sentry_error *error);
} sentry_trainer_losses;

/* Extension of a model or a trainer that measures where its time goes. */
#define SENTRY_EXTENSION_PROFILE "sentry.profile/1"
typedef struct SENTRY_TAG(sentry_profile) {
  uint32_t struct_size;
  /* A JSON object of seconds by class of operation, {"convolution 3x3 forward": 1.25}, since the last call; what threads
   * do side by side counts once. A trainer leaves out what its model measures. Measuring may begin with the first call.
   * object is the model or trainer that offered the extension; the text is borrowed until the next call. [serial] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL take)(const void *object);
} sentry_profile;

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
  /* Makes the object: a sentry_dataset*, … by kind, handed over (it ends with its own destroy). options is JSON, checked
   * and complete. [main] */
  sentry_status (*SENTRY_NONNULL create)(const sentry_factory *self, const char *options,
                                         void *SENTRY_NULLABLE *SENTRY_NONNULL object, sentry_error *error);
  /* How well a path looks like data for this component, 0 (not at all) to 100; null where paths mean nothing to it. A quick
   * look: names and headers, not samples. [main] */
  int32_t (*SENTRY_NULLABLE score)(const sentry_factory *self, const char *path);
};

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
  /* A recipe is pure data: what makes up `sentry train NAME`. JSON, borrowed for good; docs/plugin-border.md has its
   * members. [main] */
  const char *SENTRY_NULLABLE (*SENTRY_NONNULL get_recipe)(const sentry_plugin *self, uint32_t index);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_plugin *self, const char *id); /* [main] */
};

/* The size that each struct had when it came: what a reader may require. Never sizeof, which grows with the reader's header. */
#define SENTRY_ERROR_SIZE_1_0 40u
#define SENTRY_NAMED_TENSOR_SIZE_1_0 32u
#define SENTRY_HOST_SIZE_1_0 112u
#define SENTRY_DATASET_SIZE_1_0 80u
#define SENTRY_DATASET_STATISTICS_SIZE_1_0 16u
#define SENTRY_AUGMENTER_SIZE_1_0 48u
#define SENTRY_AUGMENTER_READER_SIZE_1_0 32u
#define SENTRY_MODEL_SIZE_1_0 80u
#define SENTRY_MODEL_UPDATE_SIZE_1_0 24u
#define SENTRY_MODEL_GRAPH_SIZE_1_0 16u
#define SENTRY_MODEL_MEMORY_SIZE_1_0 16u
#define SENTRY_TRAINER_SPLIT_SIZE_1_0 16u
#define SENTRY_TRAINER_LOSSES_SIZE_1_0 16u
#define SENTRY_PROFILE_SIZE_1_0 16u
#define SENTRY_BATCH_SIZE_1_0 120u
#define SENTRY_STEP_SIZE_1_0 64u
#define SENTRY_TRAINER_SIZE_1_0 104u
#define SENTRY_ANSWERS_SIZE_1_0 24u
#define SENTRY_TRAINER_CALIBRATION_SIZE_1_0 24u
#define SENTRY_SOURCE_SIZE_1_0 48u
#define SENTRY_SOURCE_TEMPLATE_SIZE_1_0 24u
#define SENTRY_FACTORY_SIZE_1_0 64u
#define SENTRY_PLUGIN_SIZE_1_0 80u

/* The one exported symbol. Called once [main]; host stays valid. Null with *error filled: the plugin declines. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const sentry_plugin *SENTRY_NULLABLE sentry_plugin_entry_v1(const sentry_host *host, sentry_error *error)
    SENTRY_SWIFT_NAME("sentryPluginEntry(_:_:)");

#define SENTRY_PLUGIN_ENTRY "sentry_plugin_entry_v1"
typedef const sentry_plugin *SENTRY_NULLABLE (*sentry_plugin_entry_fn)(const sentry_host *host, sentry_error *error);

#ifdef __cplusplus
}
#endif
#if defined(__clang__)
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif
#endif

/* sentry/model.h: a network. The kind, update and graph are stable; input, memory, profile, share and backward are drafts. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_MODEL_H)
#define SENTRY_MODEL_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_MODEL "sentry.model/1"

#define SENTRY_FORWARD_TRAINING 1u    /* keep what backward needs; drop-out and batch statistics are on */
#define SENTRY_FORWARD_SAMPLE 2u      /* since 1.1: evaluation but for drop-out, which is on: one sample of the predictions.
                                       * Used only with a model whose description says "stochastic"; SENTRY_UNSUPPORTED if
                                       * the model cannot do it, or together with SENTRY_FORWARD_TRAINING */
#define SENTRY_FORWARD_LOGITS_ONLY 4u /* since 1.3: the slots of outputs that are no logits may stay null: nobody asks for them.
                                       * Used only with a model whose description says "optional_outputs" */
#define SENTRY_BACKWARD_ACCUMULATE 1u /* add to the gradients instead of replacing them */

/* A network: named parameters, forward, backward.
 *
 * Inputs, outputs and the gradients of outputs are row-major CPU memory, wherever the model computes. Parameters and buffers may be on
 * another device: their `value` and `gradient` then state device, dtype and shape, their data is not null, and neither the host nor
 * a trainer reads it; the model offers "sentry.model.update/1", through which they are read and written. Some may be there and others
 * on the CPU.
 *
 * If its options declare a property "tasks", the host sets it to the tasks of the dataset ([{"name", "classes"}]), so that
 * the heads fit. If they declare "input", the host sets it to the SPEC of the augmenter's output, or of the dataset's
 * samples if there is no augmenter; its extents do not vary. */
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
   *    "optional_outputs": true, (takes SENTRY_FORWARD_LOGITS_ONLY; absent: no)
   *    "device": "cuda:0 NVIDIA H200", "precision": "tf32", (where and how it computes, for people; kept in run.json)
   *    "temperature": "name of a buffer"}                            [any]
   * All logits are divided by the temperature: a float32 buffer of one element that training does not change and that a
   * trainer may fit afterwards. Without the key, the buffer called "temperature" is used if there is one. */
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
  /* The values of parameters or buffers were changed from outside: packed copies are stale. Not called after the model's own
   * update. [serial] */
  sentry_status (*SENTRY_NONNULL parameters_changed)(const sentry_model *self, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_model *self, const char *id); /* [any] */
};
#define SENTRY_MODEL_SIZE_1_0 80u

/* Extension of a model whose parameters the trainer cannot reach (on another device): the model applies the update, and keeps the
 * optimiser's state beside the parameters. Stable. */
#define SENTRY_EXTENSION_MODEL_UPDATE "sentry.model.update/1"
typedef struct SENTRY_TAG(sentry_model_update) {
  uint32_t struct_size;
  /* One optimiser step over the gradients of the last backward, which it may leave scaled. settings is JSON: {"optimizer", "lr",
   * "weight_decay", "max_norm" (0: no clipping; clips as PyTorch's clip_grad_norm_ does, with its 1e-6), "step" (from 1: what
   * AdamW corrects its means by) and the members of PyTorch's group of that optimiser: "betas", "eps" for "adamw"; "momentum",
   * "dampening", "nesterov" for "sgd"; since 1.3 "average_decay", where an average of the weights is kept: after the update it becomes
   * decay * average + (1 - decay) * value, after the first one the value, as PyTorch's AveragedModel does}. For an unknown optimiser the status is SENTRY_UNSUPPORTED.
   * *gradient_norm receives the norm before clipping: of this step or, since 1.3, of the step before, so that nothing waits for the
   * device; NaN: not known yet, which two updates in a row must not say. The norm of a run's last update is never asked for.
   * An update that ends in SENTRY_NO_MEMORY has changed nothing. [serial] */
  sentry_status (*SENTRY_NONNULL update)(const sentry_model *self, const char *settings, double *gradient_norm,
                                         sentry_error *error);
  /* Copies parameter, buffer or optimiser state `name` to (write = 0) or from (write = 1) a row-major CPU tensor of its dtype and
   * shape. States are named "<slot>/<parameter>" as in PyTorch: "step/…" (float32, one element), "exp_avg/…", "exp_avg_sq/…" for
   * adamw; "momentum_buffer/…" for sgd; "average/…" for the average of the weights. A state that no update has made yet reads as
   * zeros, an average as the parameter. After it is written, the next update goes on from it. [serial] */
  sentry_status (*SENTRY_NONNULL transfer)(const sentry_model *self, const char *name, int32_t write, sentry_tensor *tensor,
                                           sentry_error *error);
} sentry_model_update;
#define SENTRY_MODEL_UPDATE_SIZE_1_0 24u

/* Extension of a model that can say what it computes in evaluation, for export. Stable: the operators are ONNX's. */
#define SENTRY_EXTENSION_MODEL_GRAPH "sentry.model.graph/1"
typedef struct SENTRY_TAG(sentry_model_graph) {
  uint32_t struct_size;
  /* *graph receives a graph of ONNX operators as JSON, borrowed until the model is destroyed:
   *   {"opset": 17, "input": "input",
   *    "nodes": [{"op": "Conv", "inputs": ["input", "conv0.weight"], "outputs": ["x"],
   *               "attributes": {"strides": {"ints": [2, 2]}, "auto_pad": {"string": "NOTSET"}}}],
   *    "constants": [{"name": "axes", "shape": [1], "integers": [1]}]}
   * Inputs that no node makes are parameters and buffers by name; the outputs have the names of the described outputs.
   * [serial] */
  sentry_status (*SENTRY_NONNULL graph)(const sentry_model *self, const char *SENTRY_NULLABLE *SENTRY_NONNULL graph,
                                        sentry_error *error);
} sentry_model_graph;
#define SENTRY_MODEL_GRAPH_SIZE_1_0 16u

/* Extension of a model that takes its input early and into memory of its own, for example pinned memory from which a device copies.
 * Draft: the memory is one allocation for each batch that the host assembles. */
#define SENTRY_EXTENSION_MODEL_INPUT "sentry.model.input/draft-1"
typedef struct SENTRY_TAG(sentry_model_input) {
  uint32_t struct_size;
  /* Memory for batches, which the host reads and writes; aligned to 64 bytes; null: none left, and the host takes its own. It lives until
   * release, which comes before the model is destroyed. [any] */
  void *SENTRY_NULLABLE (*SENTRY_NONNULL allocate)(const sentry_model *self, uint64_t size);
  /* Ends the model's copies from it first, if there are any. [any] */
  void (*SENTRY_NONNULL release)(const sentry_model *self, void *memory);
  /* A hint: one of the next passes has this input, the same pointer and shape, and the memory stays as it is until then; so the
   * model may begin to copy it. Several hints may be open: the host stages a batch and then calls the step of the one before,
   * which it staged earlier. A pass takes its hint; one without a hint leaves the open ones. Does not wait.
   * Null: no open hint holds any more, and the model ends its copies: the memory is about to change. [serial] */
  void (*SENTRY_NONNULL stage)(const sentry_model *self, const sentry_tensor *SENTRY_NULLABLE input);
} sentry_model_input;
#define SENTRY_MODEL_INPUT_SIZE_1_0 32u

/* Extension of a model that can estimate the memory of a pass. Draft: one number covers everything that a pass needs. */
#define SENTRY_EXTENSION_MODEL_MEMORY "sentry.model.memory/draft-2"
typedef struct SENTRY_TAG(sentry_model_memory) {
  uint32_t struct_size;
  /* Bytes that a pass over `batch` samples needs beyond the parameters and their gradients: activations, scratch, packed
   * weights. flags: SENTRY_FORWARD_TRAINING asks for forward and backward, 0 for a forward pass only. The estimate should
   * be too high rather than too low: if it does not fit, the host splits the batch. [serial] */
  int64_t (*SENTRY_NONNULL estimate)(const sentry_model *self, int64_t batch, uint32_t flags);
  /* Bytes that are free where the model computes, with what it already holds for passes; -1: it computes in the host's memory, which
   * the host knows. If a pass ends in SENTRY_NO_MEMORY all the same, the host splits the batch and tries again. [serial] */
  int64_t (*SENTRY_NONNULL available)(const sentry_model *self);
} sentry_model_memory;
#define SENTRY_MODEL_MEMORY_SIZE_1_0 24u

/* Extension of a model or a trainer that measures its time by operation. Draft: the operations have no agreed names, and work
 * that a device does while the host goes on cannot be stated. */
#define SENTRY_EXTENSION_PROFILE "sentry.profile/draft-1"
typedef struct SENTRY_TAG(sentry_profile) {
  uint32_t struct_size;
  /* A JSON object of seconds by class of operation, {"convolution 3x3 forward": 1.25}, since the last call; work that
   * threads do in parallel counts once. A trainer leaves out what its model measures. Measuring may begin with the first call.
   * `object` is the model or trainer that offers the extension; the text is borrowed until the next call. [serial] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL take)(const void *object);
} sentry_profile;
#define SENTRY_PROFILE_SIZE_1_0 16u

/* Extension of a model that knows that it sees a share of each batch while other processes see the rest. Draft: the share is the
 * same in all batches.
 *
 * Its training passes then are those of the whole batch: drop-out is drawn by the row's place there, and statistics over the
 * batch are summed over all ranks through the host's all_reduce, forward and backward. The gradients of parameters are those of
 * its own rows: the trainer sums them. Every rank makes the same passes in the same order. Other passes are as ever. */
#define SENTRY_EXTENSION_MODEL_SHARE "sentry.model.share/draft-1"
typedef struct SENTRY_TAG(sentry_model_share) {
  uint32_t struct_size;
  /* Before the first training pass: each has rows of [first, first + rows) of a batch of `whole`. [main] */
  sentry_status (*SENTRY_NONNULL set)(const sentry_model *self, int64_t first, int64_t rows, int64_t whole,
                                      sentry_error *error);
} sentry_model_share;
#define SENTRY_MODEL_SHARE_SIZE_1_0 16u

/* Extension of a model whose backward pass tells how far it is, so that gradients travel to other processes while the pass goes
 * on. Draft: tried on the CPU alone, where gradients can be read as soon as they are told. */
#define SENTRY_EXTENSION_MODEL_BACKWARD "sentry.model.backward/draft-1"
typedef struct SENTRY_TAG(sentry_model_backward) {
  uint32_t struct_size;
  /* As the model's own backward. Meanwhile, on the calling thread, ready(context, first) says that the gradients of the parameters from
   * index `first` to the last one are as this pass leaves them. `first` falls from call to call; what was not told is ready
   * when backward returns. ready does not call the model. All ranks are told the same between the same sums. [serial] */
  sentry_status (*SENTRY_NONNULL backward)(const sentry_model *self,
                                           const sentry_tensor *SENTRY_NULLABLE const *SENTRY_NONNULL gradients,
                                           uint32_t flags,
                                           void (*SENTRY_NONNULL ready)(void *SENTRY_NULLABLE context, int64_t first),
                                           void *SENTRY_NULLABLE context, sentry_error *error);
} sentry_model_backward;
#define SENTRY_MODEL_BACKWARD_SIZE_1_0 16u

SENTRY_END_DECLARATIONS

#endif

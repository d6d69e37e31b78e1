/* sentry/model.h: a network. The kind, update and graph are stable; memory, profile and share are drafts. */
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
#define SENTRY_BACKWARD_ACCUMULATE 1u /* add to the gradients instead of replacing them */

/* A network: named parameters, forward, backward.
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
  /* The values of parameters or buffers were changed from outside: packed copies are stale. [serial] */
  sentry_status (*SENTRY_NONNULL parameters_changed)(const sentry_model *self, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_model *self, const char *id); /* [any] */
};
#define SENTRY_MODEL_SIZE_1_0 80u

/* Extension of a model whose parameters the trainer cannot reach (on another device): the model applies the update.
 * Stable. */
#define SENTRY_EXTENSION_MODEL_UPDATE "sentry.model.update/1"
typedef struct SENTRY_TAG(sentry_model_update) {
  uint32_t struct_size;
  /* One optimiser step over the gradients of the last backward. settings is JSON: {"optimizer", "lr", "weight_decay",
   * "max_norm" (0: no clipping), "step" (from 1)} and the members of PyTorch's group of that optimiser: "betas", "eps" for
   * "adamw"; "momentum", "dampening", "nesterov" for "sgd". For an unknown optimiser the status is SENTRY_UNSUPPORTED.
   * *gradient_norm receives the norm before clipping. [serial] */
  sentry_status (*SENTRY_NONNULL update)(const sentry_model *self, const char *settings, double *gradient_norm,
                                         sentry_error *error);
  /* Copies parameter, buffer or optimiser state `name` to (write = 0) or from (write = 1) a CPU tensor. [serial] */
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

/* Extension of a model that can estimate the memory of a pass. Draft: it covers only the host's memory, and must also cover that
 * of a device. */
#define SENTRY_EXTENSION_MODEL_MEMORY "sentry.model.memory/draft-1"
typedef struct SENTRY_TAG(sentry_model_memory) {
  uint32_t struct_size;
  /* Bytes that a pass over `batch` samples needs beyond the parameters and their gradients: activations, scratch, packed
   * weights. flags: SENTRY_FORWARD_TRAINING asks for forward and backward, 0 for a forward pass only. The estimate should
   * be too high rather than too low: if it does not fit, the host splits the batch. [serial] */
  int64_t (*SENTRY_NONNULL estimate)(const sentry_model *self, int64_t batch, uint32_t flags);
} sentry_model_memory;
#define SENTRY_MODEL_MEMORY_SIZE_1_0 16u

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

SENTRY_END_DECLARATIONS

#endif

/* sentry/trainer.h: loss, schedule, update. The kind and split are stable; calibration, losses, share and average are drafts. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_TRAINER_H)
#define SENTRY_TRAINER_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_TRAINER "sentry.trainer/1"

/* One batch, borrowed for the call. */
typedef struct SENTRY_TAG(sentry_batch) {
  uint32_t struct_size;
  int32_t epoch;         /* from 0 */
  int64_t step;          /* of the whole run, from 0 */
  uint64_t seed;         /* of all random numbers in this step */
  sentry_tensor inputs;  /* [N, …] */
  sentry_tensor targets; /* int64 [N, tasks], SENTRY_TARGET_MISSING if unlabelled */
  /* Since 1.3; null if no sample has a distribution. float32 [N, classes of all tasks], as the dataset's soft targets: NaN where the
   * class index counts. */
  const sentry_tensor *SENTRY_NULLABLE soft_targets;
} sentry_batch;
#define SENTRY_BATCH_SIZE_1_0 120u
#define SENTRY_BATCH_SIZE_1_3 128u

/* The result of a step or of the evaluation of one batch. The caller provides the arrays, with one entry for each task. */
typedef struct SENTRY_TAG(sentry_step) {
  uint32_t struct_size;
  uint32_t task_count;
  double loss;          /* of this batch */
  double loss_weight;   /* the weight of the batch in the mean loss of an epoch */
  double gradient_norm; /* before clipping, of this step or since 1.3 of the one before; NaN: not known; 0 in evaluation */
  double learning_rate; /* the one that this step used */
  int64_t *SENTRY_NULLABLE correct;  /* top-1 hits */
  int64_t *SENTRY_NULLABLE labelled; /* samples with a target */
  /* Slots for the logits of each task, handed over; null if the caller wants none. */
  sentry_managed_tensor *SENTRY_NULLABLE *SENTRY_NULLABLE logits;
} sentry_step;
#define SENTRY_STEP_SIZE_1_0 64u

#define SENTRY_EPOCH_BEST 1u /* the model is the best so far: keep it */
#define SENTRY_EPOCH_STOP 2u /* training should end here */

/* Decides loss, schedule, clipping, update and when to stop. The host drives epochs and batches. */
typedef struct SENTRY_TAG(sentry_trainer) sentry_trainer;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_trainer) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  void (*SENTRY_NONNULL destroy)(sentry_trainer *self); /* [main] */
  /* Called first; the model stays valid until destroy. run is JSON: {"epochs", "steps_per_epoch", "batch_size",
   * "balanced", "balanced_task": the task whose classes are balanced, if any, "tasks": [{"name", "classes", "counts": training
   * samples per class}]}. [main] */
  sentry_status (*SENTRY_NONNULL begin)(const sentry_trainer *self, const sentry_model *model, const char *run,
                                        sentry_error *error);
  /* Called at the start of every epoch, from 0, so that the schedule can set the learning rate; also after restore, for the
   * epoch that continues. [serial] */
  sentry_status (*SENTRY_NONNULL begin_epoch)(const sentry_trainer *self, int32_t epoch, sentry_error *error);
  /* Forward, loss, backward, update. [serial] */
  sentry_status (*SENTRY_NONNULL step)(const sentry_trainer *self, const sentry_batch *batch, sentry_step *result,
                                       sentry_error *error);
  /* Forward and loss in evaluation mode. [serial] */
  sentry_status (*SENTRY_NONNULL evaluate)(const sentry_trainer *self, const sentry_batch *batch, sentry_step *result,
                                           sentry_error *error);
  /* Called after validation. metrics is JSON: {"epoch", "train_loss", "train_acc", "val_loss", "val_acc", "train_acc/<task>",
   * "val_acc/<task>"}; accuracies are in percent; train_acc and val_acc are the means over the tasks that have more than one class
   * in the training data. *flags receives SENTRY_EPOCH_…, *reason a sentence that is borrowed until the next call. [serial] */
  sentry_status (*SENTRY_NONNULL end_epoch)(const sentry_trainer *self, const char *metrics, uint32_t *flags,
                                            const char *SENTRY_NULLABLE *SENTRY_NONNULL reason, sentry_error *error);
  /* The tensors of the state, named "<slot>/<parameter>": exp_avg/…, exp_avg_sq/…, step/…; writable, stable after begin. The slot
   * "average" is that of SENTRY_EXTENSION_TRAINER_AVERAGE; it is no part of the optimiser's state in checkpoints. [serial] */
  int64_t (*SENTRY_NONNULL state_count)(const sentry_trainer *self);
  sentry_status (*SENTRY_NONNULL state)(const sentry_trainer *self, int64_t index, sentry_named_tensor *out,
                                        sentry_error *error);
  /* The rest of the state as a JSON object, borrowed until the next call. Its key "param_groups", if present, has
   * the form of PyTorch's, with parameter names in "params". If JSON cannot hold the state, the text is empty and the reason
   * is in the host's log; the run then fails and keeps what was saved before. [serial] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL save)(const sentry_trainer *self);
  /* Restores what save returned; the host fills the tensors of state() first. [serial] */
  sentry_status (*SENTRY_NONNULL restore)(const sentry_trainer *self, const char *json, sentry_error *error);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_trainer *self, const char *id); /* [any] */
};
#define SENTRY_TRAINER_SIZE_1_0 104u

/* The logits of a model for samples, with their targets; borrowed for the call. */
typedef struct SENTRY_TAG(sentry_answers) {
  uint32_t struct_size;
  uint32_t task_count;
  const sentry_tensor *targets; /* int64 [N, tasks], SENTRY_TARGET_MISSING where unlabelled */
  /* One tensor for each task, as evaluate returned them: float32 [N, classes]. */
  const sentry_tensor *SENTRY_NONNULL const *SENTRY_NONNULL logits;
} sentry_answers;
#define SENTRY_ANSWERS_SIZE_1_0 24u

/* Extension of a trainer that fits a trained model's temperature, so that its probabilities match the frequencies. The
 * host calls it after training for the best and for the last model: it restores the model's values with the temperature of the
 * training, passes the validation samples through evaluate, and divides them into two seeded halves, without dividing known
 * groups. Draft: it has one temperature for all tasks, and supports only classes as answers. */
#define SENTRY_EXTENSION_TRAINER_CALIBRATION "sentry.trainer.calibration/draft-1"
typedef struct SENTRY_TAG(sentry_trainer_calibration) {
  uint32_t struct_size;
  /* 1 if the trainer's options request it; called after begin. [serial] */
  int32_t (*SENTRY_NONNULL wanted)(const sentry_trainer *self);
  /* Fits the temperature on one half, writes it into the model, and evaluates it on the other. *report receives a JSON object
   * for run.json and the checkpoint, borrowed until the next call; its "summary" is a sentence for the log. [serial] */
  sentry_status (*SENTRY_NONNULL calibrate)(const sentry_trainer *self, const sentry_answers *fitting,
                                            const sentry_answers *judging,
                                            const char *SENTRY_NULLABLE *SENTRY_NONNULL report, sentry_error *error);
} sentry_trainer_calibration;
#define SENTRY_TRAINER_CALIBRATION_SIZE_1_0 24u

/* Extension of a trainer that accumulates gradients: it passes a batch through the model in micro-batches. Stable. */
#define SENTRY_EXTENSION_TRAINER_SPLIT "sentry.trainer.split/1"
typedef struct SENTRY_TAG(sentry_trainer_split) {
  uint32_t struct_size;
  /* Called after begin, before the first step: from then on at most `samples` samples go through the model at once. The loss
   * and the gradients remain those of the whole batch; statistics that the model computes over a batch are those of each
   * part. Since 1.3 also called between steps, with fewer samples, after a step that ended in SENTRY_NO_MEMORY: it is
   * then called again with the same batch, and what it left in the gradients does not count. An evaluation that ended so is called
   * again with parts of its batch. [serial] */
  sentry_status (*SENTRY_NONNULL set_size)(const sentry_trainer *self, int64_t samples, sentry_error *error);
} sentry_trainer_split;
#define SENTRY_TRAINER_SPLIT_SIZE_1_0 16u

/* Extension of a trainer that reports the loss of a batch by task: with class weights, the mean over batches is not the loss
 * of the whole split. Draft: it supports only losses that are a mean of weighted samples. */
#define SENTRY_EXTENSION_TRAINER_LOSSES "sentry.trainer.losses/draft-1"
typedef struct SENTRY_TAG(sentry_trainer_losses) {
  uint32_t struct_size;
  /* For each task, the weighted sum of the losses of the samples of the last evaluate, and the sum of their weights. Both can
   * be added over several batches; the loss is the sum of the quotients of the tasks. The caller provides the arrays. [serial] */
  sentry_status (*SENTRY_NONNULL last)(const sentry_trainer *self, uint32_t task_count, double *sums, double *weights,
                                       sentry_error *error);
} sentry_trainer_losses;
#define SENTRY_TRAINER_LOSSES_SIZE_1_0 16u

/* Extension of a trainer that trains together with other processes, each of which has a share of every batch. Draft: the share
 * is the same in all batches.
 *
 * step then gets the rows of the share. Through the host's all_reduce the trainer makes of them the step of the whole batch: it
 * sums the weights of the labels before the loss, so that each row counts as it would in the whole batch, and the gradients
 * before the update. The result of step is of the whole batch: loss, weights and counts, the same on every rank. A rank whose
 * rows have no label takes part all the same. evaluate has no share: it judges the samples that it gets, and sums nothing.
 * A run of several processes is refused where its trainer lacks this. */
#define SENTRY_EXTENSION_TRAINER_SHARE "sentry.trainer.share/draft-1"
typedef struct SENTRY_TAG(sentry_trainer_share) {
  uint32_t struct_size;
  /* After begin, before the first step: every step has the rows [first, first + rows) of a batch of `whole`. [main] */
  sentry_status (*SENTRY_NONNULL set)(const sentry_trainer *self, int64_t first, int64_t rows, int64_t whole,
                                      sentry_error *error);
} sentry_trainer_share;
#define SENTRY_TRAINER_SHARE_SIZE_1_0 16u

/* Extension of a trainer that keeps an average of the weights beside them. The host lets the model have the average while it
 * validates, calibrates and writes models, so that the best model, checkpoints and the final model hold it; steps are made and the
 * state is saved with the trained values. Draft: there is one average. */
#define SENTRY_EXTENSION_TRAINER_AVERAGE "sentry.trainer.average/draft-1"
typedef struct SENTRY_TAG(sentry_trainer_average) {
  uint32_t struct_size;
  /* 1 if the trainer's options ask for an average; called after begin. [serial] */
  int32_t (*SENTRY_NONNULL keeps)(const sentry_trainer *self);
  /* average = 1: the model gets the average, and the state's slot "average" holds the trained values; 0: back. Before the first
   * update there is no average, and nothing changes. A call that asks for what is so changes nothing. [serial] */
  sentry_status (*SENTRY_NONNULL use)(const sentry_trainer *self, int32_t average, sentry_error *error);
} sentry_trainer_average;
#define SENTRY_TRAINER_AVERAGE_SIZE_1_0 24u

SENTRY_END_DECLARATIONS

#endif

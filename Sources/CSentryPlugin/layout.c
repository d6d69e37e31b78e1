/* The one source file of the border. It pins the layout of 1.0, member by member; and without a source file SwiftPM does not
 * see that the header changed: Swift targets would keep the old layout without a word. */
#include "sentry_plugin.h"

#define AT(type, member, offset) _Static_assert(offsetof(type, member) == (offset), #type "." #member " moved")
#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type " has another size than in 1.0")

#if UINTPTR_MAX == UINT64_MAX
AT(sentry_error, struct_size, 0);
AT(sentry_error, code, 4);
AT(sentry_error, message, 8);
AT(sentry_error, hint, 16);
AT(sentry_error, owner, 24);
AT(sentry_error, destroy, 32);
SIZE(sentry_error, 40);
AT(sentry_device, device_type, 0);
AT(sentry_device, device_id, 4);
SIZE(sentry_device, 8);
AT(sentry_dtype, code, 0);
AT(sentry_dtype, bits, 1);
AT(sentry_dtype, lanes, 2);
SIZE(sentry_dtype, 4);
AT(sentry_tensor, data, 0);
AT(sentry_tensor, device, 8);
AT(sentry_tensor, ndim, 16);
AT(sentry_tensor, dtype, 20);
AT(sentry_tensor, shape, 24);
AT(sentry_tensor, strides, 32);
AT(sentry_tensor, byte_offset, 40);
SIZE(sentry_tensor, 48);
AT(sentry_managed_tensor, dlpack_major, 0);
AT(sentry_managed_tensor, dlpack_minor, 4);
AT(sentry_managed_tensor, manager_ctx, 8);
AT(sentry_managed_tensor, deleter, 16);
AT(sentry_managed_tensor, flags, 24);
AT(sentry_managed_tensor, tensor, 32);
SIZE(sentry_managed_tensor, 80);
AT(sentry_named_tensor, struct_size, 0);
AT(sentry_named_tensor, flags, 4);
AT(sentry_named_tensor, name, 8);
AT(sentry_named_tensor, value, 16);
AT(sentry_named_tensor, gradient, 24);
SIZE(sentry_named_tensor, 32);
AT(sentry_host, struct_size, 0);
AT(sentry_host, abi_major, 4);
AT(sentry_host, abi_minor, 8);
AT(sentry_host, context, 16);
AT(sentry_host, log, 24);
AT(sentry_host, is_cancelled, 32);
AT(sentry_host, progress, 40);
AT(sentry_host, metric, 48);
AT(sentry_host, random_seed, 56);
AT(sentry_host, thread_count, 64);
AT(sentry_host, parallel_for, 72);
AT(sentry_host, world, 80);
AT(sentry_host, all_reduce_start, 88);
AT(sentry_host, all_reduce_wait, 96);
AT(sentry_host, get_extension, 104);
SIZE(sentry_host, 112);
AT(sentry_dataset, struct_size, 0);
AT(sentry_dataset, context, 8);
AT(sentry_dataset, destroy, 16);
AT(sentry_dataset, describe, 24);
AT(sentry_dataset, count, 32);
AT(sentry_dataset, targets, 40);
AT(sentry_dataset, sample, 48);
AT(sentry_dataset, name, 56);
AT(sentry_dataset, group, 64);
AT(sentry_dataset, get_extension, 72);
SIZE(sentry_dataset, 80);
AT(sentry_dataset_statistics, struct_size, 0);
AT(sentry_dataset_statistics, statistics, 8);
SIZE(sentry_dataset_statistics, 16);
AT(sentry_augmenter, struct_size, 0);
AT(sentry_augmenter, context, 8);
AT(sentry_augmenter, destroy, 16);
AT(sentry_augmenter, describe, 24);
AT(sentry_augmenter, apply, 32);
AT(sentry_augmenter, get_extension, 40);
SIZE(sentry_augmenter, 48);
AT(sentry_augmenter_reader, struct_size, 0);
AT(sentry_augmenter_reader, describe, 8);
AT(sentry_augmenter_reader, count, 16);
AT(sentry_augmenter_reader, read, 24);
SIZE(sentry_augmenter_reader, 32);
AT(sentry_model, struct_size, 0);
AT(sentry_model, context, 8);
AT(sentry_model, destroy, 16);
AT(sentry_model, describe, 24);
AT(sentry_model, parameter_count, 32);
AT(sentry_model, parameter, 40);
AT(sentry_model, forward, 48);
AT(sentry_model, backward, 56);
AT(sentry_model, parameters_changed, 64);
AT(sentry_model, get_extension, 72);
SIZE(sentry_model, 80);
AT(sentry_model_update, struct_size, 0);
AT(sentry_model_update, update, 8);
AT(sentry_model_update, transfer, 16);
SIZE(sentry_model_update, 24);
AT(sentry_model_graph, struct_size, 0);
AT(sentry_model_graph, graph, 8);
SIZE(sentry_model_graph, 16);
AT(sentry_model_memory, struct_size, 0);
AT(sentry_model_memory, estimate, 8);
SIZE(sentry_model_memory, 16);
AT(sentry_trainer_split, struct_size, 0);
AT(sentry_trainer_split, set_size, 8);
SIZE(sentry_trainer_split, 16);
AT(sentry_trainer_losses, struct_size, 0);
AT(sentry_trainer_losses, last, 8);
SIZE(sentry_trainer_losses, 16);
AT(sentry_profile, struct_size, 0);
AT(sentry_profile, take, 8);
SIZE(sentry_profile, 16);
AT(sentry_batch, struct_size, 0);
AT(sentry_batch, epoch, 4);
AT(sentry_batch, step, 8);
AT(sentry_batch, seed, 16);
AT(sentry_batch, inputs, 24);
AT(sentry_batch, targets, 72);
SIZE(sentry_batch, 120);
AT(sentry_step, struct_size, 0);
AT(sentry_step, task_count, 4);
AT(sentry_step, loss, 8);
AT(sentry_step, loss_weight, 16);
AT(sentry_step, gradient_norm, 24);
AT(sentry_step, learning_rate, 32);
AT(sentry_step, correct, 40);
AT(sentry_step, labelled, 48);
AT(sentry_step, logits, 56);
SIZE(sentry_step, 64);
AT(sentry_trainer, struct_size, 0);
AT(sentry_trainer, context, 8);
AT(sentry_trainer, destroy, 16);
AT(sentry_trainer, begin, 24);
AT(sentry_trainer, begin_epoch, 32);
AT(sentry_trainer, step, 40);
AT(sentry_trainer, evaluate, 48);
AT(sentry_trainer, end_epoch, 56);
AT(sentry_trainer, state_count, 64);
AT(sentry_trainer, state, 72);
AT(sentry_trainer, save, 80);
AT(sentry_trainer, restore, 88);
AT(sentry_trainer, get_extension, 96);
SIZE(sentry_trainer, 104);
AT(sentry_answers, struct_size, 0);
AT(sentry_answers, task_count, 4);
AT(sentry_answers, targets, 8);
AT(sentry_answers, logits, 16);
SIZE(sentry_answers, 24);
AT(sentry_trainer_calibration, struct_size, 0);
AT(sentry_trainer_calibration, wanted, 8);
AT(sentry_trainer_calibration, calibrate, 16);
SIZE(sentry_trainer_calibration, 24);
AT(sentry_source, struct_size, 0);
AT(sentry_source, context, 8);
AT(sentry_source, destroy, 16);
AT(sentry_source, describe, 24);
AT(sentry_source, prepare, 32);
AT(sentry_source, get_extension, 40);
SIZE(sentry_source, 48);
AT(sentry_source_template, struct_size, 0);
AT(sentry_source_template, create, 8);
AT(sentry_source_template, check, 16);
SIZE(sentry_source_template, 24);
AT(sentry_factory, struct_size, 0);
AT(sentry_factory, kind, 8);
AT(sentry_factory, name, 16);
AT(sentry_factory, summary, 24);
AT(sentry_factory, options_schema, 32);
AT(sentry_factory, context, 40);
AT(sentry_factory, create, 48);
AT(sentry_factory, score, 56);
SIZE(sentry_factory, 64);
AT(sentry_plugin, struct_size, 0);
AT(sentry_plugin, abi_major, 4);
AT(sentry_plugin, abi_minor, 8);
AT(sentry_plugin, name, 16);
AT(sentry_plugin, version, 24);
AT(sentry_plugin, summary, 32);
AT(sentry_plugin, context, 40);
AT(sentry_plugin, factory_count, 48);
AT(sentry_plugin, recipe_count, 52);
AT(sentry_plugin, get_factory, 56);
AT(sentry_plugin, get_recipe, 64);
AT(sentry_plugin, get_extension, 72);
SIZE(sentry_plugin, 80);

_Static_assert(SENTRY_ERROR_SIZE_1_0 == sizeof(sentry_error) && SENTRY_NAMED_TENSOR_SIZE_1_0 == sizeof(sentry_named_tensor) &&
                   SENTRY_HOST_SIZE_1_0 == sizeof(sentry_host) && SENTRY_DATASET_SIZE_1_0 == sizeof(sentry_dataset) &&
                   SENTRY_DATASET_STATISTICS_SIZE_1_0 == sizeof(sentry_dataset_statistics) &&
                   SENTRY_AUGMENTER_SIZE_1_0 == sizeof(sentry_augmenter) &&
                   SENTRY_AUGMENTER_READER_SIZE_1_0 == sizeof(sentry_augmenter_reader) &&
                   SENTRY_MODEL_SIZE_1_0 == sizeof(sentry_model) &&
                   SENTRY_MODEL_UPDATE_SIZE_1_0 == sizeof(sentry_model_update) &&
                   SENTRY_MODEL_GRAPH_SIZE_1_0 == sizeof(sentry_model_graph) && SENTRY_BATCH_SIZE_1_0 == sizeof(sentry_batch) &&
                   SENTRY_STEP_SIZE_1_0 == sizeof(sentry_step) && SENTRY_TRAINER_SIZE_1_0 == sizeof(sentry_trainer) &&
                   SENTRY_ANSWERS_SIZE_1_0 == sizeof(sentry_answers) &&
                   SENTRY_TRAINER_CALIBRATION_SIZE_1_0 == sizeof(sentry_trainer_calibration) &&
                   SENTRY_SOURCE_SIZE_1_0 == sizeof(sentry_source) &&
                   SENTRY_SOURCE_TEMPLATE_SIZE_1_0 == sizeof(sentry_source_template) &&
                   SENTRY_MODEL_UPDATE_SIZE_1_0 == sizeof(sentry_model_update) && SENTRY_BATCH_SIZE_1_0 == sizeof(sentry_batch) &&
                   SENTRY_MODEL_MEMORY_SIZE_1_0 == sizeof(sentry_model_memory) &&
                   SENTRY_TRAINER_SPLIT_SIZE_1_0 == sizeof(sentry_trainer_split) &&
                   SENTRY_TRAINER_LOSSES_SIZE_1_0 == sizeof(sentry_trainer_losses) &&
                   SENTRY_PROFILE_SIZE_1_0 == sizeof(sentry_profile) && SENTRY_STEP_SIZE_1_0 == sizeof(sentry_step) &&
                   SENTRY_TRAINER_SIZE_1_0 == sizeof(sentry_trainer) &&
                   SENTRY_FACTORY_SIZE_1_0 == sizeof(sentry_factory) && SENTRY_PLUGIN_SIZE_1_0 == sizeof(sentry_plugin),
               "at 1.0 these are the whole of each struct");
#endif

import SentryPluginAPI

extension RunSummary {
  /// What --json says of a run; the keys are those of docs/runs.md.
  package var json: JSONValue {
    [
      "directory": .string(directory), "state": .string(state.rawValue),
      "outcome": record.sessions.last?.outcome.map(JSONValue.string) ?? .null,
      "started": record.sessions.first.map { .string($0.started) } ?? .null,
      "ended": record.sessions.last?.ended.map(JSONValue.string) ?? .null,
      "recipe": .string(plan.recipe.name), "model": .string(plan.model.name), "dataset": .string(plan.dataset.name),
      "data": plan.run.data.map(JSONValue.string) ?? .null,
      "train_samples": .integer(record.data.train.samples),
      "validation_samples": .integer(record.data.validation.samples),
      "seed": .integer(Int(clamping: plan.run.seed)), "epochs": .integer(plan.run.epochs),
      "epochs_done": .integer(epochsDone), "best_epoch": bestEpoch.map(JSONValue.integer) ?? .null,
      "metrics": .object(metrics.mapValues(JSONValue.number)), "tasks": .array(tasks.map(JSONValue.string)),
      "images_per_second": imagesPerSecond.map(JSONValue.number) ?? .null,
      "seconds": seconds.map(JSONValue.number) ?? .null,
      "peak_memory_bytes": peakMemoryBytes.map(JSONValue.integer) ?? .null,
      "cpu": cpu.map(JSONValue.string) ?? .null, "device": place.device.map(JSONValue.string) ?? .null,
      "precision": place.precision.map(JSONValue.string) ?? .null, "sentry": .string(record.sentry),
    ]
  }
}

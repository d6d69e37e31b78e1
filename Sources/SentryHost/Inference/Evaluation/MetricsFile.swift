import SentryPluginAPI
import SentryRuntime

/// metrics.json: at the top the keys that papers and other tools look for, everything further under `extended`.
enum MetricsFile {
  static func json(
    _ metrics: [TaskMetrics], samples: Int, skipped: [SkippedSample], about: EvaluationReport.About, notes: [String]
  ) -> JSONValue {
    var members =
      metrics.count == 1 ? single(metrics[0]) : several(metrics, samples: samples, untrained: about.untrainedTasks)
    let extended: [String: JSONValue] = [
      "tasks": .object(Dictionary(metrics.map { ($0.task.name, $0.json) }, uniquingKeysWith: { first, _ in first })),
      "samples": .integer(samples), "skipped": .array(skipped.map { .string($0.name) }),
      "split": .string("\(about.split)"), "split_chose_the_model": .bool(about.splitChoseModel),
      "notes": .array(notes.map(JSONValue.string)),
      "untrained_tasks": .array(about.untrainedTasks.map(JSONValue.string)),
      "test_time_augmentation": about.views.map { set in
        ["views": .string(set.name), "count": .integer(set.count), "mean_of": "probabilities"]
      } ?? .null,
      "data_notes": .array(about.dataNotes.map(JSONValue.string)),
      "checkpoint": [
        "path": .string(about.checkpoint), "sha256": .string(about.checkpointSHA256),
        "epoch": about.epoch.map(JSONValue.integer) ?? .null,
      ],
      "components": .object(
        Dictionary(
          about.components.map { ($0.kind, $0.json) }, uniquingKeysWith: { first, _ in first })),
      "command": .array(about.command.map(JSONValue.string)), "sentry": .string(Version.sentry),
    ]
    members["extended"] = .object(extended.merging(about.place.members) { first, _ in first })
    return .object(members)
  }

  private static func single(_ metrics: TaskMetrics) -> [String: JSONValue] {
    let (scores, confusion) = (metrics.classes, metrics.confusion)
    return [
      "accuracy": JSONValue(metrics[.accuracy]), "f1_macro": JSONValue(metrics[.macroF1]),
      "f1_weighted": JSONValue(metrics[.weightedF1]),
      "f1_per_class": metrics.byClass { label in
        scores[label].support + confusion.predictedCount(label) > 0 ? scores[label].f1 : nil
      },
      "classification_report": metrics.report, "confusion_matrix": metrics.confusionJSON,
      "num_samples": .integer(metrics.labelled),
      "per_class_accuracy": metrics.byClass { scores[$0].support > 0 ? scores[$0].recall : nil },
    ]
  }

  /// `<task>_accuracy`, `<task>_f1` (weighted), and the mean of the accuracies of the tasks that have labels and were trained.
  private static func several(_ metrics: [TaskMetrics], samples: Int, untrained: [String]) -> [String: JSONValue] {
    var members: [String: JSONValue] = ["num_samples": .integer(samples)]
    let scored = metrics.filter { $0.labelled > 0 }
    for task in scored {
      members["\(task.task.name)_accuracy"] = JSONValue(task[.accuracy])
      members["\(task.task.name)_f1"] = JSONValue(task[.weightedF1])
    }
    members["overall_accuracy"] = JSONValue(
      scored.filter { !untrained.contains($0.task.name) }.map { $0[.accuracy] }.meanOfKnown)
    return members
  }
}

extension EvaluationReport.About.Component {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(choice.name), "plugin": .string(choice.plugin), "version": .string(choice.version),
      "sha256": .string(choice.sha256), "options": choice.options,
    ]
    members["library_sha256"] = choice.library?.sha256.map(JSONValue.string)
    return .object(members)
  }
}

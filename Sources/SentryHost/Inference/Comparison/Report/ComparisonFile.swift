import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// comparison.json and comparison.csv.
enum ComparisonFile {
  /// A line for each task and model.
  static func csv(_ comparison: ModelComparison) -> String {
    var text = CSVText.row(["task", "model"] + ComparisonColumn.all.map(\.key))
    for task in comparison.tasks {
      for row in comparison.rows(of: task) {
        text += CSVText.row([task.task.name, row.model.name] + ComparisonColumn.all.map { cell($0.value(row)) })
      }
    }
    return text
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    default: ""
    }
  }

  static func json(_ comparison: ModelComparison) -> JSONValue {
    [
      "reference": .string(comparison.models.first?.name ?? ""), "split": .string(comparison.split),
      "seeds": .array(comparison.seeds.map { .integer(Int(clamping: $0)) }),
      "level": .number(PairComparison.level), "correction": "holm",
      "bootstrap": [
        "draws": .integer(comparison.draws), "seed": .integer(Int(clamping: comparison.seed)),
        "method": "paired percentile over samples and seeds", "confidence": .number(Bootstrap.confidence),
      ],
      "runs": .array(comparison.models.flatMap { model in model.runs.map { run($0, of: model) } }),
      "flops_notes": .object(
        Dictionary(
          comparison.models.compactMap { model in
            model.size?.flopsNote.map { (model.name, JSONValue.string($0)) }
          }, uniquingKeysWith: { first, _ in first })),
      "tasks": .array(comparison.tasks.map { json($0, comparison) }),
      "notes": .array(comparison.notes.map(JSONValue.string)),
      "command": .array(comparison.command.map(JSONValue.string)), "sentry": .string(Version.sentry),
    ]
  }

  private static func run(_ run: ComparedModel.Run, of model: ComparedModel) -> JSONValue {
    [
      "model": .string(model.name), "directory": .string(run.summary.directory),
      "seed": .integer(Int(clamping: run.seed)), "checkpoint": .string(run.evaluation.checkpoint),
      "checkpoint_sha256": .string(run.evaluation.origin.checkpointSHA256),
      "inference_batch_size": .integer(run.evaluation.batchSize), "threads": .integer(run.evaluation.threads),
      "device": run.evaluation.place.device.map(JSONValue.string) ?? .null,
      "cpu": run.summary.cpu.map(JSONValue.string) ?? .null,
    ]
  }

  private static func json(_ task: TaskComparison, _ comparison: ModelComparison) -> JSONValue {
    let models = comparison.rows(of: task).map { row -> JSONValue in
      var members = Dictionary(ComparisonColumn.all.map { ($0.key, $0.value(row)) }) { first, _ in first }
      members["model"] = .string(row.model.name)
      members["accuracy_by_seed"] = .array(row.score.accuracies.map(JSONValue.number))
      if let pair = row.pair { members["against_reference"] = json(pair, task, comparison) }
      return .object(members)
    }
    return [
      "task": .string(task.task.name), "classes": .array(task.task.classes.map(JSONValue.string)),
      "samples": .array(task.samples.map(JSONValue.integer)), "same_samples_in_all_seeds": .bool(task.isCrossed),
      "warnings": .array(comparison.warnings(on: task).map(JSONValue.string)), "models": .array(models),
    ]
  }

  private static func json(_ pair: PairComparison, _ task: TaskComparison, _ comparison: ModelComparison) -> JSONValue {
    let mcNemar = zip(comparison.seeds, zip(pair.mcNemar, pair.adjustedMcNemar)).map { seed, test -> JSONValue in
      [
        "seed": .integer(Int(clamping: seed)), "only_reference_right": .integer(test.0.onlyFirst),
        "only_model_right": .integer(test.0.onlyOther), "p": .number(test.0.pValue), "p_holm": .number(test.1),
      ]
    }
    let classes = zip(task.task.classes, pair.classes).map { name, balance -> JSONValue in
      [
        "class": .string(name), "samples": .integer(balance.samples), "wins": .integer(balance.wins),
        "losses": .integer(balance.losses),
      ]
    }
    let disagreements = pair.disagreements.map { disagreement -> JSONValue in
      let names = task.task.classes
      return [
        "sample": .string(comparison.name(of: disagreement)), "true": .string(names[disagreement.truth]),
        "seed": disagreement.seed.map { .integer(Int(clamping: comparison.seeds[$0])) } ?? .null,
        "reference": .array(disagreement.first.map { .string(names[$0]) }),
        "model": .array(disagreement.other.map { .string(names[$0]) }),
      ]
    }
    return [
      "mcnemar": .array(mcNemar), "classes": .array(classes), "disagreements": .array(disagreements),
    ]
  }
}

extension ModelComparison {
  /// The evaluation whose sample a disagreement is.
  func evaluation(of disagreement: Disagreement) -> StoredEvaluation? {
    models.first.flatMap { model in
      let index = disagreement.seed ?? 0
      return model.runs.indices.contains(index) ? model.runs[index].evaluation : nil
    }
  }

  /// The path, or what else the dataset calls the sample.
  func name(of disagreement: Disagreement) -> String {
    evaluation(of: disagreement).map { $0.names[disagreement.position] } ?? ""
  }
}

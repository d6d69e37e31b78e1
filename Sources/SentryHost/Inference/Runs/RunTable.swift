import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// Runs as rows of the same columns.
package enum RunTable {
  /// What is told of a run, by the key of the JSON form.
  private static let leading = [
    "directory", "state", "recipe", "model", "dataset", "data", "train_samples", "validation_samples", "seed", "epochs",
    "epochs_done", "best_epoch",
  ]
  private static let trailing = [
    "images_per_second", "seconds", "peak_memory_bytes", "cpu", "device", "precision", "started", "ended",
  ]

  /// A row for each run, metrics of the best epoch as columns of their own; empty where a run has none.
  package static func csv(_ runs: [RunSummary]) -> String {
    let metrics = Set(runs.flatMap(\.metrics.keys)).sorted()
    var rows = [leading + metrics + trailing]
    for run in runs {
      let json = run.json
      rows.append(
        leading.map { cell(json[$0]) } + metrics.map { cell(run.metrics[$0].map(JSONValue.number)) }
          + trailing.map { cell(json[$0]) })
    }
    return rows.map { $0.map(CSVText.cell).joined(separator: ",") }.joined(separator: "\n")
  }

  private static func cell(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    default: ""
    }
  }

  /// A row for each run, for readers.
  package static func text(_ runs: [RunSummary]) -> String {
    let lines = facts(runs)
    let header = ["run"] + lines.map(\.name)
    let rows = runs.indices.map { index in [runs[index].directory] + lines.map { $0.values[index] } }
    return TextTable.text([header] + rows)
  }

  /// What is told of every run: a name, and the value for each.
  package static func facts(_ runs: [RunSummary]) -> [(name: String, values: [String])] {
    func fact(_ name: String, _ value: (RunSummary) -> String?) -> (name: String, values: [String]) {
      (name, runs.map { value($0) ?? "–" })
    }
    func metric(_ name: String, _ key: String, _ digits: Int) -> (name: String, values: [String]) {
      fact(name) { $0.metrics[key].map { NumberText.fixed($0, digits) } }
    }
    var tasks: [String] = []
    for task in runs.flatMap(\.tasks) where !tasks.contains(task) { tasks.append(task) }
    func accuracy(_ task: String) -> (name: String, values: [String]) {
      let fact = metric("\(task) %", "val_acc/\(task)", 2)
      return (
        fact.name,
        zip(runs, fact.values).map { $0.record.data.constantTasks.contains(task) ? "\($1) (not trained)" : $1 }
      )
    }
    return [
      fact("recipe") { $0.plan.recipe.name }, fact("model") { $0.plan.model.name },
      fact("data") { run in run.plan.dataset.name + (run.plan.run.data.map { " \(Paths.last($0))" } ?? "") },
      fact("epochs") { $0.progress }, fact("best") { $0.bestEpoch.map(String.init) },
      metric("val acc %", "val_acc", 2), metric("val loss", "val_loss", 4),
    ]
      + tasks.map(accuracy) + [
        fact("samples/s") { $0.imagesPerSecond.map { NumberText.fixed($0, $0 < 100 ? 1 : 0) } },
        fact("time") { $0.seconds.map(NumberText.duration) },
        fact("memory") { $0.peakMemoryBytes.map(NumberText.bytes) },
      ]
      // Only where a run says it: most compute on the CPU.
      + (runs.contains { !$0.place.isCPU } ? [fact("device") { $0.place.title ?? "CPU" }] : [])
  }
}

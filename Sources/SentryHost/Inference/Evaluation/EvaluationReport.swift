import SentryPluginAPI
import SentryRuntime

/// All that an evaluation says, ready to be written: numbers, pictures, a page.
package struct EvaluationReport: Sendable {
  package let result: EvaluationResult
  package let about: About
  package let metrics: [TaskMetrics]
  /// Of the run that the model is from, where it is known.
  package var history: History?
  package var bestEpoch: Int?
  /// The most confident mistakes of each task as pictures; empty where samples are none.
  package var tiles: [[ContactSheet.Tile]] = []

  package init(_ result: EvaluationResult, about: About) {
    (self.result, self.about) = (result, about)
    metrics = result.tasks.map { TaskMetrics($0, bootstrapSamples: about.bootstrapSamples, seed: about.seed) }
  }

  /// What the reader must know of the numbers.
  var notes: [String] { about.notes + findings }

  /// The tasks whose numbers mean nothing or little, and why.
  package var findings: [String] {
    metrics.flatMap { metrics in
      let task = metrics.task.name
      guard !about.untrainedTasks.contains(task) else { return [UntrainedTask.note(task)] }
      return (metrics.baseline?.findings ?? []).map { "'\(task)': the model \($0)" }
    }
  }

  package var prefix: String { about.filePrefix.isEmpty ? "" : FileName.safe(about.filePrefix) }
  var metricsName: String { "\(prefix)metrics.json" }

  var figures: [Figure] { EvaluationFigure.figures(of: self) }

  /// The sections of a page: pictures and tables of the numbers.
  func sections(_ pictures: [RenderedFigure]) -> [Markup] {
    let numbers: [Markup] = [.summary(metrics, untrained: about.untrainedTasks), .methods(metrics)]
    var sections: [Markup] = [.section("Numbers", numbers), .section("Pictures", [.figures(pictures)])]
    for (task, predictions) in zip(metrics, result.tasks) where task.labelled > 0 {
      let suffix = metrics.count == 1 ? "" : ": \(task.task.name)"
      sections.append(.section("Classes\(suffix)", [.classTable(task)]))
      sections.append(
        .section(
          "Most confident mistakes\(suffix)",
          [.mistakeTable(predictions, of: result, limit: ContactSheet.limit)]))
    }
    if !result.skipped.isEmpty {
      sections.append(
        .section(
          "Skipped as unreadable",
          [.table(["sample", "reason"], result.skipped.map { [$0.name, $0.reason] }, numbers: false)]))
    }
    return sections
  }
}

extension EvaluationReport {
  /// What was evaluated, on what and how: for metrics.json and the page.
  package struct About: Sendable {
    /// The recipe's, for names of files; may be empty.
    var filePrefix = ""
    var title: String
    var command: [String]
    var checkpoint: String
    var checkpointSHA256: String
    /// Completed epochs of the checkpoint; nil where it does not say.
    var epoch: Int?
    var components: [Component]
    package var split: Split
    /// Whether the model was chosen by its accuracy on the split.
    var splitChoseModel: Bool
    /// What the reader must know of the numbers: a split that chose the model, a recognised dataset.
    package var notes: [String]
    /// The tasks whose head learned nothing: their training labels were missing or all of one class.
    package var untrainedTasks: [String] = []
    /// The views over which probabilities are averaged; nil: each sample was judged once.
    package var views: ViewSet?
    /// What the dataset says of itself.
    var dataNotes: [String] = []
    /// How many times the bootstrap draws the samples; 0: no intervals.
    var bootstrapSamples: Int
    var seed: UInt64
    /// Where and how the model computed, as far as it says.
    var place = ModelPlace()

    package init(
      filePrefix: String = "", title: String, command: [String], checkpoint: String, checkpointSHA256: String,
      epoch: Int? = nil, components: [Component], split: Split, splitChoseModel: Bool, notes: [String],
      dataNotes: [String] = [], untrainedTasks: [String] = [], views: ViewSet? = nil, bootstrapSamples: Int,
      seed: UInt64, place: ModelPlace = ModelPlace()
    ) {
      self.filePrefix = filePrefix
      self.title = title
      self.command = command
      self.checkpoint = checkpoint
      self.checkpointSHA256 = checkpointSHA256
      self.epoch = epoch
      self.components = components
      self.split = split
      self.splitChoseModel = splitChoseModel
      self.notes = notes
      self.dataNotes = dataNotes
      self.untrainedTasks = untrainedTasks
      self.views = views
      self.bootstrapSamples = bootstrapSamples
      self.seed = seed
      self.place = place
    }

    /// A component that took part, and where it came from.
    package struct Component: Sendable {
      package var kind: String
      package var choice: RunPlan.Choice

      package init(kind: String, choice: RunPlan.Choice) {
        (self.kind, self.choice) = (kind, choice)
      }
    }
  }
}

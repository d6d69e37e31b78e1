import SentryPluginAPI
import SentryRuntime

/// What a model answered for the samples of a split: all that reports are computed from.
package struct EvaluationResult: Sendable {
  /// Where each sample comes from: a path, a row.
  package let names: [String]
  /// What the samples are read by.
  package let split: Split
  package let indices: [Int]
  /// One for each task of the model, over the same samples.
  package let tasks: [TaskPredictions]
  /// What could not be read and was left out.
  package let skipped: [SkippedSample]
  /// The person or recording that each sample is of; empty where none is known.
  var groups: [Int?] = []
}

extension EvaluationResult {
  /// Lets the model of a pass answer.
  /// - Parameters:
  ///   - tasks: what the model was trained for. The dataset must have them with the same classes; its other tasks are ignored.
  ///   - isCancelled: asked after every batch; then `SENTRY_CANCELLED` is thrown.
  ///   - progress: told the samples done.
  /// - Throws: ``PluginError`` naming both sides of a misfit before the first sample is read.
  package init(
    _ pass: EvaluationPass, tasks: [ClassificationTask], dataset title: String,
    isCancelled: () -> Bool = { HostState.shared.isCancelled }, progress: (_ done: Int) -> Void
  ) throws {
    try self.init(views: [pass], tasks: tasks, dataset: title, isCancelled: isCancelled, progress: progress)
  }

  /// The same with the mean of the probabilities over several passes, of which each shows the model another view of the same
  /// samples.
  /// - Parameters:
  ///   - passes: at least one.
  ///   - progress: told the samples done, each once for every pass.
  package init(
    views passes: [EvaluationPass], tasks: [ClassificationTask], dataset title: String,
    isCancelled: () -> Bool = { HostState.shared.isCancelled }, progress: (_ done: Int) -> Void
  ) throws {
    var views: [Answers] = []
    for pass in passes {
      let before = views.reduce(0) { $0 + $1.positions.count }
      let answers = try Answers(pass, tasks, title, isCancelled) { progress(before + $0) }
      guard views.first.map({ $0.positions == answers.positions }) ?? true else {
        throw PluginError.badData(
          "a sample could be read for one view and not for another", hint: "another program is writing the data")
      }
      views.append(answers)
    }
    guard let first = views.first, let pass = passes.first else { throw PluginError("there is nothing to evaluate") }
    let indices = first.positions.map { pass.samples.indices[$0] }
    let split = pass.samples.split
    self.init(
      names: indices.map { pass.dataset.name(at: $0, in: split) }, split: split, indices: indices,
      tasks: tasks.enumerated().map { number, task in
        views.count == 1
          ? TaskPredictions(task, truth: first.truth[number], logits: first.logits[number])
          : TaskPredictions(task, truth: first.truth[number], averaging: views.map { $0.logits[number] })
      }, skipped: first.skipped)
    let groups = indices.map { pass.dataset.group(at: $0, in: split) }
    if groups.contains(where: { $0 != nil }) { self.groups = groups }
  }

  /// What one pass brings.
  private struct Answers {
    var positions: [Int] = []
    /// One for each task.
    var truth: [[Int?]]
    /// One for each task, [samples, classes], row by row.
    var logits: [[Float]]
    var skipped: [SkippedSample] = []

    init(
      _ pass: EvaluationPass, _ tasks: [ClassificationTask], _ title: String, _ isCancelled: () -> Bool,
      progress: (_ done: Int) -> Void
    ) throws {
      let columns = try tasks.map { try EvaluationResult.column(of: $0, in: pass.dataset.specification.tasks, title) }
      let outputs = try tasks.map { task in
        guard
          let index = pass.model.specification.outputs.firstIndex(where: { $0.kind == .logits && $0.name == task.name })
        else { throw PluginError("the model has no logits for '\(task.name)'") }
        return index
      }
      let width = pass.dataset.specification.tasks.count
      var positions: [Int] = []
      var truth = [[Int?]](repeating: [], count: tasks.count)
      var logits = [[Float]](repeating: [], count: tasks.count)
      skipped = try pass.run(isCancelled: isCancelled) { batch in
        positions += batch.positions
        let targets = try batch.targets.elements(as: Int64.self)
        for (task, column) in columns.enumerated() {
          truth[task] += batch.positions.indices.map { row in
            let target = targets[row * width + column]
            return target >= 0 ? Int(target) : nil
          }
          logits[task] += try Self.scores(of: batch.outputs[outputs[task]], for: batch.positions.count, tasks[task])
        }
        progress(positions.count)
      }
      (self.positions, self.truth, self.logits) = (positions, truth, logits)
    }

    /// Throws ``PluginError`` for logits of another shape, and for such that are no numbers.
    private static func scores(of values: Tensor, for count: Int, _ task: ClassificationTask) throws -> [Float] {
      guard values.shape == [count, task.classes.count] else {
        throw PluginError(
          "the model gave logits \(values.shape) for \(count) samples and \(task.classes.count) classes of '\(task.name)'"
        )
      }
      let scores = try values.array(of: Float.self)
      guard scores.allSatisfy(\.isFinite) else {
        throw PluginError("the model's predictions are not finite", hint: "its training diverged: train it again")
      }
      return scores
    }
  }

  /// Where the targets of a task of the model stand in the dataset. Throws ``PluginError`` where they do not agree.
  package static func column(of task: ClassificationTask, in given: [ClassificationTask], _ title: String) throws
    -> Int
  {
    guard let column = given.firstIndex(where: { $0.name == task.name }) else {
      throw PluginError.invalid(
        "the model predicts the task '\(task.name)', but \(title) has only \(given.map { "'\($0.name)'" }.joined(separator: ", "))",
        hint: "evaluate it on data of the same kind as it was trained on")
    }
    guard given[column].classes == task.classes else {
      throw PluginError.invalid(
        "the classes of task '\(task.name)' are [\(given[column].classes.joined(separator: ", "))] in \(title), "
          + "but [\(task.classes.joined(separator: ", "))] in the model",
        hint: "class numbers depend on the order; evaluate on data with the classes of the training")
    }
    return column
  }

  /// The most confident mistakes of each task as pictures; empty for samples that are no images.
  package func tiles(_ dataset: ImportedDataset, limit: Int = ContactSheet.limit) throws -> [[ContactSheet.Tile]] {
    guard dataset.specification.sample.dtype == .uint8, dataset.specification.sample.shape.count == 3 else { return [] }
    return try tasks.map { task in
      try task.mistakes(atMost: limit, groups: groups).compactMap { mistake in
        let sample = try dataset.sample(at: indices[mistake.sample], in: split)
        return ContactSheet.Thumbnail(sample).map {
          ContactSheet.Tile(
            thumbnail: $0, truth: task.task.classes[mistake.truth], predicted: task.task.classes[mistake.predicted],
            confidence: mistake.confidence)
        }
      }
    }
  }
}

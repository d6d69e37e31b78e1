import CSentryPlugin
import SentryPluginAPI
import SentryRuntime

/// What a trained model answered to samples whose labels nobody knows.
package struct Prediction: Sendable {
  /// The answers to one task.
  package struct Answers: Sendable {
    package let task: ClassificationTask
    /// [samples, classes], row by row; empty where probabilities are means: over draws of drop-out or over views.
    var logits: [Float] = []
    /// [samples, classes], row by row, each row adding up to 1.
    package var probabilities: [Double] = []
    /// How far the probabilities spread over the draws of drop-out; nil where there were none.
    var deviations: [Double]?

    /// The class with the largest probability, the first of several.
    package func predicted(at sample: Int) -> Int {
      let row = row(of: sample)
      return logits.isEmpty ? argmax(probabilities[row]) : argmax(logits[row])
    }

    package func row(of sample: Int) -> Range<Int> {
      sample * task.classes.count..<(sample + 1) * task.classes.count
    }
  }

  /// Where each sample comes from: a file, with a number where it holds several.
  package var names: [String] = []
  /// One for each task of the model.
  package var answers: [Answers]
  /// Where in its picture each sample was cut out; empty if samples are whole files.
  var places: [Place?] = []
  /// Pictures in which a detector found nothing, by the number of samples before each.
  var without: [(position: Int, name: String)] = []
  /// What a detector looked for, as a word.
  var sought: String?
  /// What could not be read and was left out.
  package var skipped: [SkippedSample] = []

  /// An instance in a picture.
  package struct Place: Sendable {
    /// As the detector found it, in pixels.
    let x, y, width, height: Double
    /// 0…1.
    let score: Double
  }
}

/// Asks a trained model, batch by batch.
package struct Predictor {
  let trained: TrainedModel
  var batchSize = 64
  /// Loader threads for files; 0 reads them on this one.
  var workers = 0
  /// How many unreadable files may be left out.
  var skipBad = 0
  /// Answers with drop-out on; nil answers once, without.
  package var sampling: MonteCarlo?
  /// The views of each sample over which probabilities are averaged; nil shows it once, as in validation.
  package var views: ViewAveraging?
  /// Told the samples done and all of them.
  package var progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }

  package init(
    trained: TrainedModel, batchSize: Int = 64, workers: Int = 0, skipBad: Int = 0, sampling: MonteCarlo? = nil,
    views: ViewAveraging? = nil,
    progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    self.trained = trained
    self.batchSize = batchSize
    self.workers = workers
    self.skipBad = skipBad
    self.sampling = sampling
    self.views = views
    self.progress = progress
  }

  /// - Throws: ``PluginError``, also where an answer is not finite.
  func predict(_ arrays: InputArrays) throws -> Prediction {
    var prediction = empty
    for first in stride(from: 0, to: arrays.names.count, by: batchSize) {
      let last = min(first + batchSize, arrays.names.count)
      try ask(
        arrays.batch(from: first, count: batchSize), number: first / batchSize, Array(arrays.names[first..<last]),
        &prediction)
      progress(last, arrays.names.count)
      if HostState.shared.isCancelled { throw PluginError("stopped by the user", code: SENTRY_CANCELLED) }
    }
    return prediction
  }

  /// Prepares the samples of the files as validation prepared those of the training, by the augmenter that the checkpoint
  /// names.
  func predict(_ files: FileDataset, augmenter: ImportedAugmenter) throws -> Prediction {
    let samples = try SampleList(of: FileDataset.split, in: files)
    let augmenters: [any Augmenter] = views?.augmenters ?? [augmenter]
    var predictions: [Prediction] = []
    for augmenter in augmenters {
      let done = predictions.count * samples.count
      predictions.append(
        try predict(files, samples, augmenter: augmenter) { progress(done + $0, augmenters.count * samples.count) })
    }
    return try Prediction(averaging: predictions)
  }

  private func predict(
    _ files: FileDataset, _ samples: SampleList, augmenter: any Augmenter, progress: (_ done: Int) -> Void
  ) throws -> Prediction {
    var prediction = empty
    let pass = try EvaluationPass(
      of: trained.asked, over: samples, in: files, augmenter: augmenter,
      batchSize: min(batchSize, max(samples.count, 1)),
      workers: workers, skipBad: skipBad - files.skipped.count)
    prediction.skipped =
      files.skipped
      + (try pass.forEachInputBatch { batch in
        let names = batch.positions.map { files.name(at: samples.indices[$0], in: FileDataset.split) }
        try ask(batch.inputs, number: batch.number, names, &prediction)
        progress((batch.positions.last ?? 0) + 1)
      })
    return prediction
  }

  var empty: Prediction {
    Prediction(answers: trained.trainedTasks.map { .init(task: $0, deviations: sampling == nil ? nil : []) })
  }

  func ask(_ inputs: Tensor, number: Int, _ names: [String], _ prediction: inout Prediction) throws {
    prediction.names += names
    if let sampling {
      for (task, estimate) in try sampling.predict(inputs, batch: number).enumerated() {
        try check(estimate.mean, task, names)
        prediction.answers[task].probabilities += estimate.mean
        prediction.answers[task].deviations?.append(contentsOf: estimate.deviation)
      }
      return
    }
    for (task, tensor) in try trained.logits(for: inputs).enumerated() {
      let values = try tensor.array(of: Float.self)
      try check(values, task, names)
      prediction.answers[task].logits += values
      prediction.answers[task].probabilities += softmax(values, classes: trained.trainedTasks[task].classes.count)
    }
  }

  /// Asks about several views of the same samples.
  /// - Parameter views: at least one, each [N, …].
  func ask(views: [Tensor], number: Int, _ names: [String], _ prediction: inout Prediction) throws {
    let answers = try views.map { view in
      var answer = empty
      try ask(view, number: number, names, &answer)
      return answer
    }
    prediction.append(try Prediction(averaging: answers))
  }

  private func check(_ values: [some BinaryFloatingPoint], _ task: Int, _ names: [String]) throws {
    let (name, classes) = (trained.trainedTasks[task].name, trained.trainedTasks[task].classes.count)
    guard values.count == names.count * classes else {
      throw PluginError(
        "the model gave \(values.count) numbers for \(names.count) samples and \(classes) classes of '\(name)'")
    }
    guard let bad = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw PluginError(
      "\(names[bad / classes]): the prediction of '\(name)' is not finite", hint: "the sample or the model is damaged")
  }
}

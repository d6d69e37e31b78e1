import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// A seeded half of the validation samples, by their indices; whole groups where groups are known. Throws ``PluginError`` where
  /// there are no two halves, before a batch is trained.
  func calibrationHalf() throws -> Set<Int> {
    let samples = partition.validation
    let halves = HoldOut.split(
      classes: samples.classes(ofTask: scoredTasks[0]),
      groups: samples.indices.map { components.dataset.group(at: $0, in: samples.split) }, share: 0.5,
      seed: Seed.derive(options.seed, "calibration"))
    guard !halves.train.isEmpty, !halves.heldOut.isEmpty else {
      throw PluginError.badData(
        "the \(samples.count) validation samples cannot be divided into a half to fit the temperature and "
          + "a half to evaluate it",
        hint: "provide more validation samples or groups, or train without calibration")
    }
    return Set(halves.heldOut.map { samples.indices[$0] })
  }

  /// Fits the temperatures of the last and of the best model, where the trainer's options ask for it, and leaves the last model
  /// with its own. False where the user asked to stop: done again when the run is resumed, it writes the same bytes.
  func calibrate() throws -> Bool {
    guard let half = fittingHalf else { return true }
    guard let temperature = components.model.temperature else { throw PluginError("the model has no temperature") }
    if progress.calibration == nil {
      let trained = try temperature.value.array(of: Float.self)
      guard let final = try fitted(temperature, on: half) else { return false }
      var best = final
      if let epoch = progress.best?.epoch, epoch != progress.epoch {
        let last = try components.model.parameters.map { ($0.name, try $0.copied(through: components.model)) }
        try load(directory.bestFile, temperature, trained)
        let result = try fitted(temperature, on: half)
        try restore(last)
        guard let result else { return false }
        best = result
      }
      if progress.best != nil { try rewriteBest(temperature, best) }
      try set(temperature, trained)
      progress.calibration = .init(best: best, final: final)
      try saveState()
    }
    guard let calibration = progress.calibration else { return true }
    try set(temperature, [calibration.final.temperature])
    record.calibration = [directory.bestFile: calibration.best.report, directory.finalFile: calibration.final.report]
    for (file, result) in [(directory.bestFile, calibration.best), (directory.finalFile, calibration.final)] {
      if let summary = result.report["summary"]?.stringValue { environment.reporter.note("\(file): \(summary)") }
    }
    return true
  }

  /// Lets the trainer fit the temperature of the model as it is now; nil when the user asked to stop.
  private func fitted(_ temperature: NamedTensor, on half: Set<Int>) throws -> Progress.Calibration.Fitted? {
    var (fitting, judging) = (GatheredAnswers(tasks: tasks), GatheredAnswers(tasks: tasks))
    let sums = try validate { batch, result in
      let samples = partition.validation
      let missing = Set(batch.skipped.map(\.index))
      let first = batch.index * options.batchSize
      let read = (first..<min(first + options.batchSize, samples.count)).map { samples.indices[$0] }
        .filter { !missing.contains($0) }
      for (row, index) in read.enumerated() {
        if half.contains(index) {
          try fitting.add(row: row, of: batch.targets, result.logits)
        } else {
          try judging.add(row: row, of: batch.targets, result.logits)
        }
      }
    }
    guard sums != nil else { return nil }
    let report = try components.trainer.calibrate(fitting: fitting.answers, judging: judging.answers)
    return .init(temperature: try temperature.value.elements(as: Float.self)[0], report: report)
  }

  /// Puts a checkpoint's model in place, with the temperature of the training.
  private func load(_ file: String, _ temperature: NamedTensor, _ trained: [Float]) throws {
    let path = directory.file(file)
    guard let state = try PyTorchFile.read(path)["model_state_dict"] else {
      throw PluginError.badData("\(path) holds no model", hint: "start the run again with --overwrite")
    }
    try restore(try state.stateDict(file: path))
    try set(temperature, trained)
  }

  private func restore(_ tensors: SavedState.Tensors) throws {
    try SavedState.restore(tensors, to: components.model.parameters, what: "model", through: components.model)
    try components.model.parametersChanged()
  }

  private func set(_ temperature: NamedTensor, _ value: [Float]) throws {
    try temperature.value.copy(from: Tensor(temperature.value.shape, value))
    try components.model.parametersChanged()
  }

  /// The best model's file with its temperature and the report of it; all else stays.
  private func rewriteBest(_ temperature: NamedTensor, _ fitted: Progress.Calibration.Fitted) throws {
    let path = directory.file(directory.bestFile)
    guard var content = try PyTorchFile.read(path).dictionary, var state = content["model_state_dict"]?.dictionary,
      var about = content["sentry"]?.dictionary
    else {
      throw PluginError.badData("\(path) is not a checkpoint of this run", hint: "start it again with --overwrite")
    }
    let value = try StoredTensor([fitted.temperature], shape: temperature.value.shape)
    state.set(.tensor(value), for: .string(temperature.name))
    about.set(PickleValue(fitted.report), for: "calibration")
    content.set(.dict(state), for: "model_state_dict")
    content.set(.dict(about), for: "sentry")
    try directory.write(.dict(content), to: directory.bestFile)
  }
}

/// The answers to some samples of a pass.
private struct GatheredAnswers {
  private let tasks: [ClassificationTask]
  private var targets: [Int64] = []
  private var logits: [[Float]]

  init(tasks: [ClassificationTask]) {
    self.tasks = tasks
    logits = [[Float]](repeating: [], count: tasks.count)
  }

  mutating func add(row: Int, of targets: Tensor, _ logits: [Tensor]) throws {
    self.targets += try targets.elements(as: Int64.self)[row * tasks.count..<(row + 1) * tasks.count]
    for (task, tensor) in logits.enumerated() {
      let classes = tasks[task].classes.count
      self.logits[task] += try tensor.elements(as: Float.self)[row * classes..<(row + 1) * classes]
    }
  }

  var answers: Answers {
    let count = targets.count / max(tasks.count, 1)
    return Answers(
      targets: Tensor([count, tasks.count], targets),
      logits: zip(tasks, logits).map { Tensor([count, $0.classes.count], $1) })
  }
}

extension NamedTensor {
  /// The values, copied.
  fileprivate func copied(through model: ImportedModel) throws -> StoredTensor {
    let stored = try stored(through: model)
    return try StoredTensor(dtype: stored.dtype, shape: stored.shape, bytes: try stored.bytes())
  }
}

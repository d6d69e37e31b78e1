import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// Fits the model's temperature to the answers of a trained model: on one half of the validation samples, judged on the other.
struct CalibrationPass {
  let run: TrainingRun
  let temperature: NamedTensor
  /// The indices of the samples to fit on.
  let half: Set<Int>

  init(_ run: TrainingRun, half: Set<Int>) throws {
    guard let temperature = run.components.model.temperature else { throw PluginError("the model has no temperature") }
    (self.run, self.temperature, self.half) = (run, temperature, half)
  }

  /// A seeded half of the validation samples, by their indices; whole groups where groups are known. Throws ``PluginError`` where
  /// there are no two halves, before a batch is trained.
  static func fittingHalf(of run: TrainingRun) throws -> Set<Int> {
    let (samples, dataset) = (run.partition.validation, run.components.dataset)
    let halves = HoldOut.split(
      classes: samples.classes(ofTask: run.scoredTasks[0]),
      groups: samples.indices.map { dataset.group(at: $0, in: samples.split) }, share: 0.5,
      seed: Seed.derive(run.options.seed, "calibration"))
    guard !halves.train.isEmpty, !halves.heldOut.isEmpty else {
      throw PluginError.badData(
        "the \(samples.count) validation samples cannot be divided into a half to fit the temperature and "
          + "a half to evaluate it",
        hint: "provide more validation samples or groups, or train without calibration")
    }
    return Set(halves.heldOut.map { samples.indices[$0] })
  }

  /// Fits the temperatures of the last and of the best model, and leaves the last model with its own. False where the user asked
  /// to stop: done again when the run is resumed, it writes the same bytes.
  func calibrate() throws -> Bool {
    let (bestFile, finalFile) = (run.directory.bestFile, run.directory.finalFile)
    if run.progress.calibration == nil {
      guard let fitted = try fitBoth() else { return false }
      run.progress.calibration = fitted
      try run.saveState()
    }
    guard let calibration = run.progress.calibration else { return true }
    try set([calibration.final.temperature])
    run.record.calibration = [bestFile: calibration.best.report, finalFile: calibration.final.report]
    for (file, result) in [(bestFile, calibration.best), (finalFile, calibration.final)] {
      if let summary = result.report["summary"]?.stringValue { run.environment.reporter.note("\(file): \(summary)") }
    }
    return true
  }

  /// Writes the best model's temperature into its file; nil when the user asked to stop.
  private func fitBoth() throws -> Progress.Calibration? {
    let model = run.components.model
    let trained = try model.read(temperature).array(of: Float.self)
    guard let final = try fitted() else { return nil }
    var best = final
    if let epoch = run.progress.best?.epoch, epoch != run.progress.epoch {
      let last = try model.parameters.map { ($0.name, try $0.copied(through: model)) }
      try load(run.directory.bestFile, trained)
      let result = try fitted()
      try run.restoreModel(last)
      guard let result else { return nil }
      best = result
    }
    if run.progress.best != nil { try rewriteBest(best) }
    try set(trained)
    return .init(best: best, final: final)
  }

  /// Lets the trainer fit the temperature of the model as it is now; nil when the user asked to stop.
  private func fitted() throws -> Progress.Calibration.Fitted? {
    var (fitting, judging) = (GatheredAnswers(tasks: run.tasks), GatheredAnswers(tasks: run.tasks))
    let (samples, batchSize) = (run.partition.validation, run.largestShare)
    let sums = try run.validate(divided: false) { batch, result in
      let missing = Set(batch.skipped.map(\.index))
      let first = batch.index * batchSize
      let read = (first..<min(first + batchSize, samples.count)).map { samples.indices[$0] }
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
    let report = try run.components.trainer.calibrate(fitting: fitting.answers, judging: judging.answers)
    return .init(temperature: try run.components.model.read(temperature).array(of: Float.self)[0], report: report)
  }

  /// Puts a checkpoint's model in place, with the temperature of the training.
  private func load(_ file: String, _ trained: [Float]) throws {
    let path = run.directory.file(file)
    guard let state = try PyTorchFile.read(path)["model_state_dict"] else {
      throw PluginError.badData("\(path) holds no model", hint: "start the run again with --overwrite")
    }
    try run.restoreModel(try state.stateDict(file: path))
    try set(trained)
  }

  private func set(_ value: [Float]) throws {
    try run.components.model.write(temperature, Tensor(temperature.value.shape, value))
    try run.components.model.parametersChanged()
  }

  /// The best model's file with its temperature and the report of it; all else stays.
  private func rewriteBest(_ fitted: Progress.Calibration.Fitted) throws {
    let path = run.directory.file(run.directory.bestFile)
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
    try run.directory.write(.dict(content), to: run.directory.bestFile)
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

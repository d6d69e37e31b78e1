import CSentryPlugin
import SentryLearning
import SentryPluginAPI

/// Supervised training of any model with logits: cross entropy for every task, an optimiser, a schedule, early stopping.
final class SupervisedTrainer: TaskLossTrainer, AveragingTrainer, @unchecked Sendable {
  let options: SupervisedOptions
  let optimizer: OptimizerOptions
  let rule: any UpdateRule
  let host: Host
  /// What ``begin(_:run:)`` sets up.
  struct Session {
    let model: any Model
    let heads: [Head]
    let outputCount: Int
    let updater: any Updater
    /// nil where none is asked for.
    let average: (any Averaging)?
    let trained: [String]
    let schedule: any LearningRateSchedule
    let stepsPerEpoch: Int
  }
  var session: Session?
  var stopping: EarlyStopping
  /// Where the schedule is ruled by how training goes, in place of the session's.
  var plateau: PlateauSchedule?
  var learningRate = 0.0
  /// The one under way.
  private var epoch = 0
  /// The most samples that go through the model at once; nil: the whole batch.
  var partSize: Int?
  /// Where other processes train on the rest of each batch; nil: this one has all of it.
  var sharing: Sharing?
  /// Whether the model has the average of its weights, which then holds the trained ones.
  var usesAverage = false
  /// Of the last evaluation, for ``TaskLossTrainer``.
  private(set) var taskLosses: [WeightedLoss] = []
  /// By what was done, for ``Profiled``.
  var seconds: [String: Double] = [:]

  /// - Throws: ``PluginError`` where options contradict each other.
  init(_ options: Options, host: Host) throws {
    (self.options, optimizer, self.host) = (try options.decode(), try options.decode(), host)
    rule = try optimizer.rule()
    stopping = EarlyStopping(patience: self.options.patience, monitor: self.options.monitor)
  }

  func begin(_ model: any Model, run: RunSpecification) throws {
    let trained = model.parameters.filter { $0.role == .trainable }
    guard !trained.isEmpty else {
      throw PluginError.invalid(
        "no parameter of the model is trained", hint: "unfreeze some of it (--set model.freeze=…)")
    }
    try checkTaskWeights(of: run.tasks)
    try checkCalibration(of: model)
    try mixing.check(model.specification.input)
    session = Session(
      model: model, heads: try run.tasks.map { try head(for: $0, of: model, balanced: run.balancedTask == $0.name) },
      outputCount: model.specification.outputs.count, updater: try updater(for: model, trained),
      average: try average(for: model, trained),
      trained: trained.map(\.name), schedule: try options.schedule(of: run), stepsPerEpoch: run.stepsPerEpoch)
    plateau = options.plateau
  }

  private func head(for task: RunSpecification.CountedTask, of model: any Model, balanced: Bool) throws -> Head {
    let outputs = model.specification.outputs
    guard let output = outputs.firstIndex(where: { $0.kind == .logits && $0.name == task.name }) else {
      throw PluginError.invalid(
        "the dataset has the task '\(task.name)', but the model predicts \(outputs.filter { $0.kind == .logits }.map(\.name))"
      )
    }
    guard outputs[output].classes?.count == task.classes.count else {
      throw PluginError.invalid(
        "'\(task.name)' has \(task.classes.count) classes in the dataset and \(outputs[output].classes?.count ?? 0) in the model"
      )
    }
    let weighted = options.classWeights == .inverse || (options.classWeights == .auto && !balanced)
    return Head(
      name: task.name, output: output, classes: task.classes.count,
      criterion: try CrossEntropy(
        labelSmoothing: options.labelSmoothing,
        classWeights: weighted ? ClassWeights.inverse(counts: task.counts).map(Double.init) : nil),
      importance: options.taskWeights[task.name] ?? 1, varies: task.counts.count { $0 > 0 } > 1)
  }

  /// The trainer updates what it can reach; what it cannot, the model updates itself.
  private func updater(for model: any Model, _ trained: [NamedTensor]) throws -> any Updater {
    guard let remote = remote(among: trained) else {
      return try LocalUpdater(trained, rule, clipNorm: optimizer.clipNorm, host: host)
    }
    guard let updating = model as? any SelfUpdatingModel, updating.updatesItself else {
      throw PluginError(
        "\(remote.name) is on device type \(remote.value.deviceType), and the model does not offer \(SENTRY_EXTENSION_MODEL_UPDATE)",
        hint: "use a model that trains on the CPU", code: SENTRY_UNSUPPORTED)
    }
    return RemoteUpdater(updating, trained, rule, clipNorm: optimizer.clipNorm, like: remote.value)
  }

  private func average(for model: any Model, _ trained: [NamedTensor]) throws -> (any Averaging)? {
    guard options.averageDecay > 0 else { return nil }
    guard let remote = remote(among: trained), let updating = model as? any SelfUpdatingModel else {
      return try LocalAverage(model.parameters, averageDecay, host: host)
    }
    return RemoteAverage(updating, trained, like: remote.value)
  }

  private func remote(among trained: [NamedTensor]) -> NamedTensor? {
    trained.first { $0.value.deviceType != SENTRY_DEVICE_CPU }
  }

  func beginEpoch(_ epoch: Int) throws {
    let session = try started()
    self.epoch = epoch
    learningRate = rate(step: epoch * session.stepsPerEpoch, session)
  }

  /// Where the plateau rules, the schedule is constant but for the warm-up.
  private func rate(step: Int, _ session: Session) -> Double {
    let rate = session.schedule.rate(epoch: epoch, step: step)
    guard let plateau, epoch >= options.warmUpEpochs else { return rate }
    return plateau.rate
  }

  func started() throws -> Session {
    guard let session else { throw PluginError("the trainer was not started") }
    return session
  }

  private var mixing: Mixing { Mixing(mixup: options.mixup, cutmix: options.cutmix) }

  func step(_ batch: Batch) throws -> StepResult {
    let session = try started()
    let batch = try mixing.mixed(
      batch, classes: session.heads.map(\.classes), input: session.model.specification.input)
    learningRate = rate(step: batch.step, session)
    var sum = BatchSum(session.heads, labels: try labels(of: batch, session))
    // Of the whole batch: a rank without a label takes part all the same.
    let counts = try summed([Double(try labelledSamples(of: batch))] + sum.weights)
    let samples = counts[0]
    guard samples > 0 else { return withoutLabels(session) }
    sum.weights = Array(counts.dropFirst())
    let parts = try parts(of: batch, training: true)
    for (index, part) in parts.enumerated() {
      let outputs = try session.model.logits(part.inputs, training: true, seed: part.seed)
      let judgements = try timed("loss") { try judge(outputs, part, session, wantsGradient: true) }
      try sum.add(judgements)
      guard sum.loss.isFinite else {
        throw PluginError(
          "the loss became \(sum.loss) in step \(batch.step + 1) of epoch \(batch.epoch + 1)",
          hint: "lower the learning rate (now \(learningRate)), or look for broken samples")
      }
      var gradients = [Tensor?](repeating: nil, count: session.outputCount)
      for (head, judgement) in zip(session.heads, judgements) { gradients[head.output] = judgement.gradient }
      if let sharing, index == parts.count - 1 {
        try backwardSumming(gradients, accumulate: index > 0, session, sharing)
      } else {
        try session.model.backward(gradients, accumulate: index > 0)
      }
    }
    if sharing != nil { sum.gather(try summed(sum.totals)) }
    let norm = try update(session)
    return StepResult(
      loss: sum.loss, lossWeight: samples, gradientNorm: norm, learningRate: learningRate,
      correct: sum.correct, labelled: sum.labelled)
  }

  private func update(_ session: Session) throws -> Double {
    let decay = session.average.map { averageDecay.value(afterUpdates: $0.updates) }
    func step() throws -> Double {
      let norm = try session.updater.step(learningRate: learningRate, averageDecay: decay)
      session.average?.update()
      return norm
    }
    // The model measures its own update, and knows what it changed.
    if session.updater.isTheModels { return try step() }
    let norm = try timed("optimiser", step)
    try session.model.parametersChanged()
    return norm
  }

  func evaluate(_ batch: Batch) throws -> StepResult {
    let session = try started()
    var sum = BatchSum(session.heads, labels: try labels(of: batch, session))
    var logits = [[Tensor]](repeating: [], count: session.heads.count)
    for part in try parts(of: batch, training: false) {
      let outputs = try session.model.logits(part.inputs, training: false, seed: 0)
      try sum.add(try judge(outputs, part, session, wantsGradient: false))
      for (task, head) in session.heads.enumerated() { logits[task].append(try head.logits(among: outputs)) }
    }
    taskLosses = sum.taskLosses
    return StepResult(
      loss: sum.loss, lossWeight: Double(try labelledSamples(of: batch)), learningRate: learningRate,
      correct: sum.correct, labelled: sum.labelled, logits: logits.map(Tensor.stacked))
  }

  private func judge(
    _ outputs: [Tensor?], _ batch: Batch, _ session: Session, wantsGradient: Bool
  ) throws -> [Head.Judgement] {
    try zip(session.heads, try labels(of: batch, session)).map { head, labels in
      try head.judge(head.logits(among: outputs), labels, wantsGradient: wantsGradient)
    }
  }

  func endEpoch(_ epoch: Int, metrics: [String: Double]) throws -> EpochDecision {
    guard let value = metrics[options.monitor.metric] else {
      throw PluginError.invalid("the metrics have no \(options.monitor.metric)")
    }
    if epoch >= options.warmUpEpochs { plateau?.observe(value) }
    return stopping.observe(value, epoch: epoch)
  }
}

import CSentryPlugin

extension ImportedTrainer {
  /// What the trainer offers beyond its kind.
  struct Extensions {
    let split: UnsafePointer<sentry_trainer_split>?
    let calibration: UnsafePointer<sentry_trainer_calibration>?
    let losses: UnsafePointer<sentry_trainer_losses>?
    let share: UnsafePointer<sentry_trainer_share>?
    let average: UnsafePointer<sentry_trainer_average>?
    let profile: UnsafePointer<sentry_profile>?

    init(of object: UnsafePointer<sentry_trainer>) throws {
      let find = { object.pointee.get_extension(object, $0) }
      split = try offered(
        SENTRY_EXTENSION_TRAINER_SPLIT, atLeast: SENTRY_TRAINER_SPLIT_SIZE_1_0, as: sentry_trainer_split.self, find)
      calibration = try offered(
        SENTRY_EXTENSION_TRAINER_CALIBRATION, atLeast: SENTRY_TRAINER_CALIBRATION_SIZE_1_0,
        as: sentry_trainer_calibration.self, find)
      losses = try offered(
        SENTRY_EXTENSION_TRAINER_LOSSES, atLeast: SENTRY_TRAINER_LOSSES_SIZE_1_0, as: sentry_trainer_losses.self, find)
      share = try offered(
        SENTRY_EXTENSION_TRAINER_SHARE, atLeast: SENTRY_TRAINER_SHARE_SIZE_1_0, as: sentry_trainer_share.self, find)
      average = try offered(
        SENTRY_EXTENSION_TRAINER_AVERAGE, atLeast: SENTRY_TRAINER_AVERAGE_SIZE_1_0, as: sentry_trainer_average.self,
        find)
      profile = try offered(
        SENTRY_EXTENSION_PROFILE, atLeast: SENTRY_PROFILE_SIZE_1_0, as: sentry_profile.self, find)
    }
  }

  /// Passes at most so many samples through the model at once; false where the trainer cannot. To be called after
  /// ``begin(_:run:)``.
  public func useMicroBatches(of samples: Int) throws -> Bool {
    guard let table = extensions.split else { return false }
    try callee.call("taking a size of parts") { table.pointee.set_size(object, Int64(samples), $0) }
    return true
  }

  /// From now on steps have the rows of this share; false where the trainer does not know shares. To be called after
  /// ``begin(_:run:)``.
  public func useShare(_ share: BatchShare) throws -> Bool {
    guard let table = extensions.share else { return false }
    try callee.call("taking a share") {
      table.pointee.set(object, Int64(share.first), Int64(share.rows), Int64(share.whole), $0)
    }
    return true
  }

  /// Seconds by class of operation since the last call; nil where the trainer does not measure them.
  public func takeProfile() throws -> [String: Double]? {
    try profile(extensions.profile, of: UnsafeRawPointer(object))
  }

  /// The losses of the last evaluation by task; empty where the trainer does not tell them.
  func lastLosses(tasks: Int) throws -> [WeightedLoss] {
    guard let table = extensions.losses else { return [] }
    var (sums, weights) = ([Double](repeating: 0, count: tasks), [Double](repeating: 0, count: tasks))
    try callee.call("telling its losses") { table.pointee.last(object, UInt32(tasks), &sums, &weights, $0) }
    return zip(sums, weights).map { WeightedLoss(sum: $0, weight: $1) }
  }

  /// Whether the trainer keeps an average of the weights.
  public var keepsAverage: Bool { extensions.average.map { $0.pointee.keeps(object) != 0 } ?? false }

  /// See ``AveragingTrainer/useAverage(_:)``.
  public func useAverage(_ average: Bool) throws {
    let table = try required(extensions.average, SENTRY_EXTENSION_TRAINER_AVERAGE)
    try callee.call("exchanging the average") { table.pointee.use(object, average ? 1 : 0, $0) }
  }

  /// Whether the trainer can calibrate and its options ask for it.
  public var calibrates: Bool { extensions.calibration.map { $0.pointee.wanted(object) != 0 } ?? false }

  /// See ``CalibratingTrainer/calibrate(fitting:judging:)``.
  public func calibrate(fitting: Answers, judging: Answers) throws -> JSONValue {
    let table = try required(extensions.calibration, SENTRY_EXTENSION_TRAINER_CALIBRATION)
    return try fitting.withBorderAnswers { fitting in
      try judging.withBorderAnswers { judging in
        try reported("the report of the calibration", by: callee, "calibrating") {
          table.pointee.calibrate(object, fitting, judging, $0, $1)
        }
      }
    }
  }
}

extension Answers {
  /// Lends the struct of the border for the call.
  fileprivate func withBorderAnswers<R>(_ body: (UnsafePointer<sentry_answers>) throws -> R) throws -> R {
    let (targets, logits) = (TensorView(targets), logits.map(TensorView.init))
    let pointers = logits.map { UnsafePointer($0.pointer) }
    return try withExtendedLifetime((targets, logits)) {
      try pointers.withUnsafeBufferPointer { pointers in
        guard let base = pointers.baseAddress else { throw PluginError.invalid("answers to no task") }
        var raw = sentry_answers(
          struct_size: UInt32(SENTRY_ANSWERS_SIZE_1_0), task_count: UInt32(pointers.count),
          targets: UnsafePointer(targets.pointer), logits: base)
        return try body(&raw)
      }
    }
  }
}

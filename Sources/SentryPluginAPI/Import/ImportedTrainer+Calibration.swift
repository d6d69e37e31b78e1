import CSentryPlugin

extension ImportedTrainer {
  /// Whether the trainer offers `sentry.trainer.calibration/1` and its options ask for it.
  public var calibrates: Bool { extensionOfCalibration.map { $0.pointee.wanted(object) != 0 } ?? false }

  private var extensionOfCalibration: UnsafePointer<sentry_trainer_calibration>? {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_TRAINER_CALIBRATION) else { return nil }
    let calibration = raw.assumingMemoryBound(to: sentry_trainer_calibration.self)
    return calibration.pointee.struct_size >= SENTRY_TRAINER_CALIBRATION_SIZE_1_0 ? calibration : nil
  }

  /// See ``CalibratingTrainer/calibrate(fitting:judging:)``.
  public func calibrate(fitting: Answers, judging: Answers) throws -> JSONValue {
    guard let calibration = extensionOfCalibration else {
      throw PluginError(
        "the trainer does not offer \(SENTRY_EXTENSION_TRAINER_CALIBRATION)", code: SENTRY_UNSUPPORTED)
    }
    var report: UnsafePointer<CChar>?
    try fitting.withBorderAnswers { fitting in
      try judging.withBorderAnswers { judging in
        try acrossBorder { calibration.pointee.calibrate(object, fitting, judging, &report, $0) }
      }
    }
    guard let report else { throw PluginError("the plugin reported success but gave no report") }
    return try JSON.decode(from: String(cString: report), what: "the report of the calibration")
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

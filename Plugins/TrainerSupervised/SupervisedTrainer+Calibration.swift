import CSentryPlugin
import SentryNN
import SentryPluginAPI

extension SupervisedTrainer: CalibratingTrainer {
  var calibrates: Bool { options.calibrate }

  /// Told before the first batch rather than after the last.
  func checkCalibration(of model: any Model) throws {
    guard options.calibrate else { return }
    guard let temperature = model.temperature else {
      throw PluginError.invalid(
        "trainer.calibrate: the model has no temperature to fit",
        hint: "leave it out, or choose a model whose buffers have a temperature")
    }
    guard temperature.value.deviceType == SENTRY_DEVICE_CPU else {
      throw PluginError(
        "trainer.calibrate: \(temperature.name) lies on device type \(temperature.value.deviceType)",
        hint: "use a model that is on the CPU", code: SENTRY_UNSUPPORTED)
    }
  }

  func calibrate(fitting: Answers, judging: Answers) throws -> JSONValue {
    let session = try started()
    guard let buffer = session.model.temperature else { throw PluginError("the model has no temperature") }
    let value = try buffer.value.elements(as: Float.self)
    let before = Double(value[0])
    guard before > 0, before.isFinite else {
      throw PluginError.badData("\(buffer.name) is \(before), which is no temperature")
    }
    let fit = try TemperatureScaling.fit(try undivided(fitting, session, by: before).map { $0.logits })
    value[0] = Float(fit.temperature)
    try session.model.parametersChanged()
    return report(
      from: before, to: Double(value[0]), fit, fittedOn: fitting.targets.shape[0],
      judging: try undivided(judging, session, by: before), samples: judging.targets.shape[0])
  }

  /// The logits of the tasks that have something to tell apart, before the model divided them.
  private func undivided(_ answers: Answers, _ session: Session, by temperature: Double) throws -> [(
    task: String, logits: LabelledLogits
  )] {
    guard answers.logits.count == session.heads.count else {
      throw PluginError.invalid("answers to \(answers.logits.count) tasks, the run has \(session.heads.count)")
    }
    let targets = try answers.targets.elements(as: Int64.self)
    return try session.heads.enumerated().filter { $0.element.varies }.map { task, head in
      let logits = try answers.logits[task].array(of: Float.self).map { Float(Double($0) * temperature) }
      let column = stride(from: task, to: targets.count, by: session.heads.count).map { Int32(clamping: targets[$0]) }
      return (head.name, try LabelledLogits(logits: logits, targets: column, classes: head.classes))
    }
  }

  private func report(
    from before: Double, to after: Double, _ fit: TemperatureScaling.Fit, fittedOn: Int,
    judging tasks: [(task: String, logits: LabelledLogits)], samples: Int
  ) -> JSONValue {
    func errors(_ temperature: Double) -> [String: Double] {
      var errors: [String: Double] = [:]
      for (task, logits) in tasks { errors[task] = CalibrationError.expected(logits, temperature: temperature) }
      return errors
    }
    func side(_ temperature: Double) -> JSONValue {
      let byTask = errors(temperature)
      let likelihood = TemperatureScaling.negativeLogLikelihood(tasks.map { $0.logits }, temperature: temperature)
      return [
        "temperature": .number(temperature),
        "expected_calibration_error": Self.mean(byTask).map(JSONValue.number) ?? .null,
        "expected_calibration_error_by_task": .object(byTask.mapValues(JSONValue.number)),
        "negative_log_likelihood": likelihood.map(JSONValue.number) ?? .null,
      ]
    }
    let bound = fit.isAtBound ? ", the bound: more or other validation samples are needed" : ""
    let change = "temperature \(Self.text(before)) → \(Self.text(after))\(bound)"
    let (worse, better) = (Self.text(Self.mean(errors(before))), Self.text(Self.mean(errors(after))))
    let summary =
      "\(change), fitted on \(fittedOn) validation samples; expected calibration error on the other \(samples): "
      + "\(worse) → \(better) (\(CalibrationError.bins) bins)"
    return [
      "summary": .string(summary), "before": side(before), "after": side(after),
      "bins": .integer(CalibrationError.bins), "fitted_on": .integer(fittedOn), "judged_on": .integer(samples),
      "is_at_bound": .bool(fit.isAtBound),
    ]
  }

  /// Over the tasks that the half has labels for.
  private static func mean(_ errors: [String: Double]) -> Double? {
    // Sorted, because sums in a dictionary's order would differ in the last bit.
    let values = errors.sorted { $0.key < $1.key }.map(\.value)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Three digits after the point.
  private static func text(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    let thousandths = Int((abs(value) * 1000).rounded())
    let fraction = String(thousandths % 1000)
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
  }
}

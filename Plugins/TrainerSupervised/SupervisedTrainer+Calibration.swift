import CSentryPlugin
import SentryLearning
import SentryPluginAPI

extension SupervisedTrainer: CalibratingTrainer {
  var calibrates: Bool { options.calibrate }

  /// Told before the first batch rather than after the last.
  func checkCalibration(of model: any Model) throws {
    guard options.calibrate else { return }
    guard let temperature = model.temperature else {
      throw PluginError.invalid(
        "trainer.calibrate: the model has no temperature to fit",
        hint: "leave it out, or choose a model with a temperature buffer")
    }
    // Throws where nobody reaches it.
    _ = try model.read(temperature)
  }

  func calibrate(fitting: Answers, judging: Answers) throws -> JSONValue {
    let session = try started()
    guard let buffer = session.model.temperature else { throw PluginError("the model has no temperature") }
    let value = try session.model.read(buffer)
    let before = Double(try value.elements(as: Float.self)[0])
    guard before > 0, before.isFinite else {
      throw PluginError.badData("\(buffer.name) is \(before), which is not a valid temperature")
    }
    let judged = try undivided(judging, session, by: before)
    let choice = try TemperatureChoice(
      earlier: before, fitting: try undivided(fitting, session, by: before).map { $0.logits },
      judging: judged.map { $0.logits })
    if choice.obstacle == nil {
      try session.model.write(buffer, Tensor(value.shape, [Float(choice.temperature)]))
      try session.model.parametersChanged()
    }
    return report(
      from: before, choice, fittedOn: fitting.targets.shape[0], judging: judged, samples: judging.targets.shape[0])
  }

  /// The logits of the tasks that have something to tell apart, before the model divided them.
  private func undivided(_ answers: Answers, _ session: Session, by temperature: Double) throws -> [(
    task: String, logits: LabelledLogits
  )] {
    guard answers.logits.count == session.heads.count else {
      throw PluginError.invalid(
        "the logits are of \(answers.logits.count) tasks, but the run has \(session.heads.count)")
    }
    let targets = try answers.targets.elements(as: Int64.self)
    return try session.heads.enumerated().filter { $0.element.varies }.map { task, head in
      let logits = try answers.logits[task].array(of: Float.self).map { Float(Double($0) * temperature) }
      let column = stride(from: task, to: targets.count, by: session.heads.count).map { Int32(clamping: targets[$0]) }
      return (head.name, try LabelledLogits(logits: logits, targets: column, classes: head.classes))
    }
  }

  private func report(
    from before: Double, _ choice: TemperatureChoice, fittedOn: Int,
    judging tasks: [(task: String, logits: LabelledLogits)], samples: Int
  ) -> JSONValue {
    func errors(_ temperature: Double) -> [String: Double] {
      var errors: [String: Double] = [:]
      for (task, logits) in tasks { errors[task] = CalibrationError.expected(logits, temperature: temperature) }
      return errors
    }
    func likelihood(_ temperature: Double) -> Double? {
      TemperatureScaling.negativeLogLikelihood(tasks.map { $0.logits }, temperature: temperature)
    }
    func side(_ temperature: Double) -> JSONValue {
      let byTask = errors(temperature)
      return [
        "temperature": .number(temperature),
        "expected_calibration_error": Self.mean(byTask).map(JSONValue.number) ?? .null,
        "expected_calibration_error_by_task": .object(byTask.mapValues(JSONValue.number)),
        "negative_log_likelihood": likelihood(temperature).map(JSONValue.number) ?? .null,
      ]
    }
    let (was, fitted) = (Self.text(before), Self.text(choice.fitted))
    func error(_ temperature: Double) -> String { Self.text(Self.mean(errors(temperature))) }
    let why: String? =
      switch choice.obstacle {
      case nil: nil
      case .fewSamples:
        "\(choice.fittingSamples) labelled validation samples to fit it and \(choice.judgingSamples) to evaluate it are too "
          + "few; each half needs \(TemperatureChoice.minimumSamples)"
      case .bound:
        "the fit on \(fittedOn) validation samples ended at its bound, \(fitted), so they do not determine a temperature: more or "
          + "other validation samples are needed"
      case .worse:
        "\(fitted), fitted on \(fittedOn) validation samples, raises the negative log likelihood of the other \(samples) from "
          + "\(Self.text(likelihood(before))) to \(Self.text(choice.fitted.flatMap(likelihood)))"
      }
    let summary =
      why.map { "temperature \(was) is kept: \($0)" }
      ?? ("temperature \(was) → \(Self.text(choice.temperature)), fitted on \(fittedOn) validation samples; expected calibration "
        + "error on the other \(samples): \(error(before)) → \(error(choice.temperature)) (\(CalibrationError.bins) bins)")
    return [
      "summary": .string(summary), "before": side(before), "after": side(choice.temperature),
      "bins": .integer(CalibrationError.bins), "fitted_on": .integer(fittedOn), "judged_on": .integer(samples),
      "is_at_bound": .bool(choice.obstacle == .bound), "is_applied": .bool(choice.obstacle == nil),
      "reason": why.map(JSONValue.string) ?? .null,
      "fitted_temperature": choice.fitted.map(JSONValue.number) ?? .null,
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

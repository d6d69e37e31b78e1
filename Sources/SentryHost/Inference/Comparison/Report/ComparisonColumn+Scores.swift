import SentryPluginAPI
import SentryRuntime

extension ComparisonColumn {
  /// How well the model does.
  static let scores: [ComparisonColumn] = [
    ComparisonColumn(
      key: "accuracy", title: "accuracy [95 %]", value: { .number($0.score.mean) },
      text: { row in
        let interval = row.score.interval.map {
          " [\(NumberText.fixed(100 * $0.low, 2)), \(NumberText.fixed(100 * $0.high, 2))]"
        }
        return ComparisonText.percentage(row.score.mean) + (interval ?? "")
      }),
    number("accuracy_low") { $0.score.interval?.low },
    number("accuracy_high") { $0.score.interval?.high },
    number("deviation", "deviation over seeds", \.score.deviation, text: { ComparisonText.points($0, sign: false) }),
  ]

  /// Whether it does better than one answer to everything; see ``MajorityBaseline``.
  static let baselines: [ComparisonColumn] = [
    number(
      "majority_share", "majority class", { $0.score.baseline?.majorityShare }, text: ComparisonText.percentage),
    number(
      "largest_answer_share", "most frequent answer", { $0.score.baselines.compactMap { $0?.answerShare }.max() },
      text: ComparisonText.percentage),
    ComparisonColumn(
      key: "warning", title: "warning", value: { $0.warning.map(JSONValue.string) ?? .null },
      text: { $0.warning ?? "–" }),
  ]

  /// How it does against the first model.
  static let tests: [ComparisonColumn] = [
    ComparisonColumn(
      key: "difference", title: "difference [95 %]", value: { JSONValue($0.pair?.bootstrap.difference) },
      text: { row in
        row.pair.map { pair in
          let interval = pair.bootstrap.interval
          return
            "\(ComparisonText.points(pair.bootstrap.difference)) [\(ComparisonText.points(interval.low)), \(ComparisonText.points(interval.high))]"
        } ?? "–"
      }),
    number("difference_low") { $0.pair?.bootstrap.interval.low },
    number("difference_high") { $0.pair?.bootstrap.interval.high },
    number("p", nil) { $0.pair?.bootstrap.pValue },
    number("p_holm", "p", { $0.pair?.adjustedP }, text: ComparisonText.pValue),
    number(
      "smallest_difference", "smallest difference", { $0.pair?.smallestDifference },
      text: { ComparisonText.points($0, sign: false) }),
    ComparisonColumn(
      key: "verdict", title: "verdict", value: { $0.pair.map { .string($0.verdict.rawValue) } ?? .null },
      text: { $0.pair?.verdict.rawValue ?? "–" }),
  ]

  /// What it takes.
  static let costs: [ComparisonColumn] = [
    integer("parameters", "parameters", { $0.model.size?.parameters }, text: { ComparisonText.magnitude(Double($0)) }),
    number("flops", "FLOPs a sample", { $0.model.size?.flops }, text: ComparisonText.magnitude),
    number(
      "training_images_per_second", "training samples/s", { $0.model.trainingImagesPerSecond },
      text: { NumberText.fixed($0, $0 < 100 ? 1 : 0) }),
    number(
      "inference_images_per_second", "inference samples/s", { row in row.model.secondsPerSample.map { 1 / $0 } },
      text: { NumberText.fixed($0, $0 < 100 ? 1 : 0) }),
    number(
      "milliseconds", "ms a sample", { row in row.model.secondsPerSample.map { 1000 * $0 } },
      text: { NumberText.fixed($0, 3) }),
    integer("peak_memory_bytes", "peak memory", \.model.peakMemoryBytes, text: ComparisonText.megabytes),
    integer("weight_bytes", "weights", { $0.model.size?.weightBytes }, text: ComparisonText.megabytes),
    integer("checkpoint_bytes", "checkpoint", \.model.checkpointBytes, text: ComparisonText.megabytes),
  ]
}

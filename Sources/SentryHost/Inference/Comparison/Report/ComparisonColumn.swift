import SentryPluginAPI
import SentryRuntime

/// A model of a comparison beside one task: what a line of its tables is about.
struct ComparisonRow {
  let model: ComparedModel
  let score: TaskComparison.Score
  /// Against the first model; nil for that one.
  let pair: PairComparison?

  /// In short, why the model's numbers are not about what it learned; nil where they are.
  var warning: String? {
    let warnings = [
      score.baselines.contains { $0?.isConstant == true } ? "constant answers" : nil,
      score.baseline?.isBelowMajority == true ? "below the majority class" : nil,
    ].compactMap(\.self)
    return warnings.isEmpty ? nil : warnings.joined(separator: "; ")
  }
}

extension ModelComparison {
  func rows(of task: TaskComparison) -> [ComparisonRow] {
    zip(models.indices, models).map { index, model in
      ComparisonRow(model: model, score: task.scores[index], pair: task.pairs.first { $0.model == index })
    }
  }
}

/// What is told of a model in a comparison. Each has its line in ``all``, from which terminal, page, CSV and JSON are made.
struct ComparisonColumn: Sendable {
  /// In JSON and CSV, where shares are fractions.
  let key: String
  /// Where people read; nil: only in files.
  let title: String?
  /// null where it is not known or does not apply.
  let value: @Sendable (ComparisonRow) -> JSONValue
  let text: @Sendable (ComparisonRow) -> String

  static let all: [ComparisonColumn] = scores + baselines + tests + costs

  static var shown: [(title: String, column: ComparisonColumn)] {
    all.compactMap { column in column.title.map { ($0, column) } }
  }

  /// - Parameters:
  ///   - number: what is no finite number is taken for unknown.
  ///   - text: of what is known.
  static func number(
    _ key: String, _ title: String? = nil, _ number: @escaping @Sendable (ComparisonRow) -> Double?,
    text: @escaping @Sendable (Double) -> String = { NumberText.fixed($0, 3) }
  ) -> ComparisonColumn {
    let value: @Sendable (ComparisonRow) -> Double? = { row in number(row).flatMap { $0.isFinite ? $0 : nil } }
    return ComparisonColumn(
      key: key, title: title, value: { JSONValue(value($0)) }, text: { row in value(row).map(text) ?? "–" })
  }

  static func integer(
    _ key: String, _ title: String? = nil, _ value: @escaping @Sendable (ComparisonRow) -> Int?,
    text: @escaping @Sendable (Int) -> String = { "\($0)" }
  ) -> ComparisonColumn {
    ComparisonColumn(
      key: key, title: title, value: { row in value(row).map(JSONValue.integer) ?? .null },
      text: { row in value(row).map(text) ?? "–" })
  }
}

/// Numbers of comparisons as people read them.
enum ComparisonText {
  /// 71.23 %
  static func percentage(_ share: Double) -> String { "\(NumberText.fixed(100 * share, 2)) %" }

  /// +1.20 points
  static func points(_ difference: Double, sign: Bool = true) -> String {
    (sign && difference >= 0 ? "+" : "") + NumberText.fixed(100 * difference, 2)
  }

  static func pValue(_ p: Double) -> String { p < 0.0001 ? "< 0.0001" : NumberText.fixed(p, 4) }

  /// 3.4 M: three digits that count.
  static func magnitude(_ value: Double) -> String {
    let units = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")]
    guard let (size, unit) = units.first(where: { value >= $0.0 }) else { return NumberText.fixed(value, 0) }
    let scaled = value / size
    return NumberText.fixed(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0) + unit
  }

  static func megabytes(_ bytes: Int) -> String {
    NumberText.fixed(Double(bytes) / 1e6, bytes < 10_000_000 ? 2 : 0) + " MB"
  }
}

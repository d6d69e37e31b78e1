import SentryPluginAPI
import SentryRuntime

extension RunComparison {
  /// A column for each run.
  package var text: String {
    var rows = [[""] + labels]
    rows += RunTable.facts(runs).map { [$0.name] + $0.values }
    if !options.isEmpty {
      rows.append(["", ""])
      rows += options.map { [$0.name] + $0.values.map { FigureText.short($0, 40) } }
    }
    var text = TextTable.text(rows)
    if !isComparable {
      text += "\n\nThese runs are not comparable:\n" + obstacles.map { "  \($0)" }.joined(separator: "\n")
    }
    if !remarks.isEmpty { text += "\n\nNote:\n" + remarks.map { "  \($0)" }.joined(separator: "\n") }
    return text
  }

  /// What --json says beside the runs.
  package var json: [String: JSONValue] {
    [
      "comparable": .bool(isComparable), "obstacles": .array(obstacles.map(JSONValue.string)),
      "remarks": .array(remarks.map(JSONValue.string)),
      "options": .object(
        Dictionary(
          options.map { ($0.name, .array($0.values.map(JSONValue.string))) }, uniquingKeysWith: { first, _ in first })),
    ]
  }
}

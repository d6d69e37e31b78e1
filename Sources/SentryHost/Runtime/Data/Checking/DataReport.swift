import SentryPluginAPI

/// What `sentry data check` found out.
package struct DataReport: Encodable {
  package struct Finding: Encodable {
    package enum Level: String, Encodable {
      /// Results on such data cannot be trusted, or cannot be had.
      case problem
      /// Worth knowing.
      case warning
    }
    package var level: Level
    /// Stable, for scripts.
    var code: String
    var message: String
    var count: Int
    /// The first few.
    var examples: [String] = []
  }

  struct Task: Encodable {
    var name: String
    var counts: [String: Int]
    var classes: [String]
    var unlabelled: Int
  }

  struct Side: Encodable {
    var split: String
    var samples: Int
    var tasks: [Task]
  }

  var path: String
  var dataset: String
  var splits: [Side] = []
  var distinctSamples = 0
  var readSamples = 0
  package var files: FileDuplicates.Summary?
  /// What the dataset says of itself.
  var notes: [String] = []
  package var findings: [Finding] = []

  enum CodingKeys: String, CodingKey {
    case path, dataset, splits, files, notes, findings
    case distinctSamples = "distinct_samples"
    case readSamples = "read_samples"
  }

  static let examples = 5

  mutating func add(_ level: Finding.Level, _ code: String, _ count: Int, _ examples: [String], _ message: String) {
    findings.append(
      Finding(level: level, code: code, message: message, count: count, examples: Array(examples.prefix(Self.examples)))
    )
  }

  static func name(_ split: Split) -> String {
    switch split {
    case .train: "training"
    case .validation: "validation"
    case .test: "test"
    }
  }
}

extension DataReport {
  package var text: String {
    var lines = ["\(path) as \(dataset)"]
    let shown = splits.filter { $0.samples > 0 }
    for (index, task) in (shown.first?.tasks ?? []).enumerated() {
      var rows = [["task \(task.name)"] + shown.map(\.split)]
      for name in task.classes {
        rows.append(["  \(name)"] + shown.map { "\($0.tasks[index].counts[name] ?? 0)" })
      }
      rows.append(["  (unlabelled)"] + shown.map { "\($0.tasks[index].unlabelled)" })
      rows.append(["  total"] + shown.map { "\($0.samples)" })
      let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
      lines += rows.map { row in
        row.enumerated().map { NumberText.padded($1, to: widths[$0], left: $0 == 0) }.joined(separator: "  ")
      }
    }
    lines.append("samples: \(readSamples) read, \(distinctSamples) distinct")
    if let files { lines += files.lines }
    lines += notes.map { "note: \($0)" }
    for finding in findings {
      lines.append("\(finding.level.rawValue): \(finding.message)")
      lines += finding.examples.map { "  \($0)" }
      if finding.count > finding.examples.count, !finding.examples.isEmpty {
        lines.append("  … (\(finding.count) in all)")
      }
    }
    let problems = findings.count { $0.level == .problem }
    let warnings = findings.count - problems
    lines.append(
      problems == 0
        ? "no problem found" + (warnings == 0 ? "" : "; \(NumberText.counted(warnings, "warning"))")
        : "\(NumberText.counted(problems, "problem")), \(NumberText.counted(warnings, "warning"))")
    return lines.joined(separator: "\n")
  }
}

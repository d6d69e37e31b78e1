import SentryFormats
import SentryPluginAPI

/// Labels that a user brings for sequences without any: `sequence,subject,posture,stress,trajectory`.
struct LabelTable {
  private let rows: [String: PostureLabels]
  let path: String

  init(_ path: String) throws {
    self.path = path
    rows = try mappingFormatErrors {
      let file = try CSVFile(path)
      var header: CSVHeader?
      var rows: [String: PostureLabels] = [:]
      try file.forEachRow { row in
        guard let columns = header else {
          header = try CSVHeader(row)
          _ = try header?.require("sequence")
          try Self.check(header?.names ?? [], row)
          return true
        }
        try columns.check(row)
        func text(_ name: String) throws -> String? {
          guard let index = try columns.column(name), index < row.count else { return nil }
          let text = try row.string(index).trimmingSpaces
          return text.isEmpty ? nil : text
        }
        func label(_ task: String, _ classes: [String]) throws -> Int? {
          guard let text = try text(task) else { return nil }
          guard let index = PostureVocabulary.index(of: text, in: classes) else {
            throw row.failure(
              "'\(text)' is not a class of \(task)", hint: "the classes are \(classes.joined(separator: ", "))")
          }
          return index
        }
        guard let name = try text("sequence") else { throw row.failure("the sequence has no name") }
        let labels = PostureLabels(
          posture: try label("posture", PostureVocabulary.posture),
          stress: try label("stress", PostureVocabulary.stress),
          trajectory: try label("trajectory", PostureVocabulary.trajectory), subject: try text("subject"))
        guard rows.updateValue(labels, forKey: name) == nil else {
          throw row.failure("the sequence \(name) occurs twice")
        }
        return true
      }
      return rows
    }
  }

  static let columns = ["sequence", "subject", "posture", "stress", "trajectory"]

  /// A misspelt column would leave every row without that label.
  private static func check(_ names: [String], _ row: CSVRow) throws {
    let remarks: Set<String> = ["", "note", "notes", "comment", "comments"]
    let unknown = names.filter { !remarks.contains($0.lowercased()) && !columns.contains($0.lowercased()) }
    guard unknown.isEmpty else {
      throw row.failure(
        "the header has the unknown column \(unknown.prefix(8).joined(separator: ", "))",
        hint: "the columns are \(columns.joined(separator: ", "))")
    }
  }

  /// - Throws: ``PluginError`` where the sequence has no row.
  func labels(of sequence: String) throws -> PostureLabels {
    if let labels = rows[sequence] { return labels }
    throw PluginError.badData(
      "\(path): has no row for the sequence \(sequence)", hint: "add one; its labels may be empty")
  }

  /// Rows for which there is no sequence.
  func unused(_ used: Set<String>) throws {
    if let name = rows.keys.sorted().first(where: { !used.contains($0) }) {
      throw PluginError.badData("\(path): unknown sequence \(name)", hint: "correct or delete the row")
    }
  }
}

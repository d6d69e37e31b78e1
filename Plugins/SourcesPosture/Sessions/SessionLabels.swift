import SentryFormats
import SentryPluginAPI

/// The labels of a recording, second by second; rows may be left empty.
struct SessionLabels {
  /// By second, from 0.
  private(set) var rows: [PostureLabels] = []
  private(set) var firstEmpty: Int?
  private(set) var emptyCount = 0

  /// Throws ``PluginError`` naming the line that is wrong.
  init(_ path: String, seconds: Int) throws {
    var rows = [PostureLabels?](repeating: nil, count: seconds)
    try mappingFormatErrors {
      var header: CSVHeader?
      try CSVFile(path).forEachRow { row in
        guard let columns = header else {
          header = try CSVHeader(row)
          for name in SessionFile.header.split(separator: ",") { _ = try header?.require(String(name)) }
          return true
        }
        try columns.check(row)
        func text(_ name: String) throws -> String {
          let index = try columns.require(name)
          return index < row.count ? try row.string(index).trimmingSpaces : ""
        }
        guard let second = Int(try text("second")), rows.indices.contains(second) else {
          throw row.failure(
            "'\(try text("second").prefix(40))' is not a second of this recording (0 to \(seconds - 1))")
        }
        guard rows[second] == nil else { throw row.failure("the second \(second) occurs twice") }
        func label(_ task: String, _ classes: [String]) throws -> Int? {
          let word = try text(task)
          if word.isEmpty { return nil }
          guard let index = PostureVocabulary.index(of: word, in: classes) else {
            throw row.failure(
              "'\(word.prefix(40))' is not a class of \(task)",
              hint: "the classes are \(classes.joined(separator: ", "))")
          }
          return index
        }
        rows[second] = PostureLabels(
          posture: try label("posture", PostureVocabulary.posture),
          stress: try label("stress", PostureVocabulary.stress),
          trajectory: try label("trajectory", PostureVocabulary.trajectory))
        return true
      }
    }
    if let gap = rows.firstIndex(where: { $0 == nil }) {
      throw PluginError.badData("\(path): the second \(gap) has no row", hint: "add it; its labels may be empty")
    }
    self.rows = rows.compactMap(\.self)
    firstEmpty = self.rows.firstIndex(where: \.isEmpty)
    emptyCount = self.rows.count(where: \.isEmpty)
  }

  /// Stretches of equal labels that are not empty.
  var runs: [(seconds: Range<Int>, labels: PostureLabels)] {
    var runs: [(seconds: Range<Int>, labels: PostureLabels)] = []
    for (second, labels) in rows.enumerated() where !labels.isEmpty {
      if let last = runs.last, last.labels == labels, last.seconds.upperBound == second {
        runs[runs.count - 1].seconds = last.seconds.lowerBound..<(second + 1)
      } else {
        runs.append((second..<(second + 1), labels))
      }
    }
    return runs
  }
}

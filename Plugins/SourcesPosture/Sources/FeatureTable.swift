import SentryFormats

/// A table of frames: some columns of text, some that mean nothing here, and the features, all found by their names.
struct FeatureTable {
  private let textColumns: [Int]
  private let featureColumns: [Int]
  private let header: CSVHeader
  var width: Int { featureColumns.count }

  /// - Parameters:
  ///   - texts: columns that must be there.
  ///   - ignored: columns that may be there, in lower case.
  ///   - features: the names of all features, in the order in which a frame has them.
  /// - Throws: ``FormatError`` naming the columns that are missing, unknown or there twice.
  init(header row: CSVRow, texts: [String], ignored: Set<String> = [], features: [String]) throws {
    let header = try CSVHeader(row)
    let textColumns = try texts.map(header.require)
    let missing = try features.filter { try header.column($0) == nil }
    let known = Set((texts + features).map { $0.lowercased() }).union(ignored)
    let unknown = header.names.filter { !known.contains($0.lowercased()) }
    guard missing.isEmpty else {
      throw row.failure(
        "the header lacks \(missing.count) of the \(features.count) columns of features: \(Self.list(missing))"
          + (unknown.isEmpty ? "" : "; it has the unknown \(Self.list(unknown))"),
        hint: "check that it is the right file")
    }
    guard unknown.isEmpty else {
      throw row.failure(
        "the header has unknown columns: \(Self.list(unknown))", hint: "remove them, or correct their names")
    }
    (self.header, self.textColumns) = (header, textColumns)
    featureColumns = try features.compactMap(header.column)
  }

  /// For sets whose publishers name joints in ways of their own: see ``JointColumns``.
  /// - Parameter counts: how many columns of features there may be.
  init(header row: CSVRow, texts: [String], ignored: Set<String>, joints: JointColumns.Names, counts: [Int]) throws {
    let header = try CSVHeader(row)
    let textColumns = try texts.map(header.require)
    (self.header, self.textColumns) = (header, textColumns)
    let rest = header.names.indices.filter {
      !textColumns.contains($0) && !ignored.contains(header.names[$0].lowercased())
    }
    guard counts.contains(rest.count) else {
      throw row.failure(
        "the header has \(rest.count) columns of landmarks, "
          + "\(counts.map(String.init).joined(separator: " or ")) are expected", hint: "check that it is the right file"
      )
    }
    featureColumns = try JointColumns.ordered(rest.map { (column: $0, name: header.names[$0]) }, joints, row)
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).map { String($0.prefix(60)) }.joined(separator: ", ")
      + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }

  func texts(_ row: CSVRow) throws -> [String] {
    guard row.count == header.names.count else {
      throw row.failure(
        "has \(row.count) fields, the header has \(header.names.count)", hint: "the row is cut off or damaged")
    }
    return try textColumns.map { try row.string($0).trimmingSpaces }
  }

  /// Throws where a field is not a finite number.
  func features(_ row: CSVRow) throws -> [Float] {
    try featureColumns.map { column in
      let text = try row.string(column).trimmingSpaces
      guard let value = Float(text), value.isFinite else {
        throw row.failure("field \(column + 1) is '\(text.prefix(40))' but must be a finite number")
      }
      return value
    }
  }
}

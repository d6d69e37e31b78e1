import SentryFormats

/// A table of frames: some columns of text, some that mean nothing here, and the features.
struct FeatureTable {
  private let textColumns: [Int]
  private let featureColumns: [Int]
  private let columns: Int
  var width: Int { featureColumns.count }

  /// - Parameters:
  ///   - texts: columns that must be there.
  ///   - ignored: columns that may be there, in lower case.
  ///   - features: how many columns may remain.
  /// - Throws: ``FormatError`` naming what is missing.
  init(header row: CSVRow, texts: [String], ignored: Set<String> = [], features: [Int]) throws {
    let header = try CSVHeader(row)
    let textColumns = try texts.map { try header.require($0) }
    featureColumns = header.names.indices.filter {
      !textColumns.contains($0) && !ignored.contains(header.names[$0].lowercased())
    }
    self.textColumns = textColumns
    columns = header.names.count
    guard features.contains(featureColumns.count) else {
      throw row.failure(
        "the header has \(featureColumns.count) columns of landmarks, "
          + "\(features.map(String.init).joined(separator: " or ")) are expected",
        hint: "check that it is the right file")
    }
  }

  func texts(_ row: CSVRow) throws -> [String] {
    guard row.count == columns else {
      throw row.failure("has \(row.count) fields, the header has \(columns)", hint: "the row is truncated or damaged")
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

import SentryFormats
import SentryPluginAPI
import SentryTables

/// `fer2013new.csv`: how many of ten people saw which emotion in each row of fer2013.csv, in the order of its rows (Barsoum et
/// al., "Training deep networks for facial expression recognition with crowd-sourced label distribution", 2016).
struct FERPlusVotes {
  struct Row {
    let line: Int
    /// As fer2013.csv has it, in lower case.
    let usage: String
    /// Of ``FERPlusRule/names``; nil where the authors took the image out.
    let votes: [Int]?
  }

  let path: String
  let rows: [Row]

  /// The columns by which such a file is known.
  static func hasColumns(_ header: CSVHeader) -> Bool {
    header.index(of: "Image name") != nil && header.index(of: "contempt") != nil && header.index(of: "NF") != nil
  }

  /// Its published name.
  static let fileName = "fer2013new.csv"

  /// The file of votes of a folder: by its columns, or by its published name, so that one that lacks a column is read and told what
  /// is wrong with it.
  static func find(in folder: Folder) throws -> String? {
    let files = try folder.entries().filter { $0.kind == .file && $0.name.lowercased().hasSuffix(".csv") }.map(\.name)
    let fitting = files.first { name in
      (try? CSVFile(folder.join(name)).header()).map { $0.map(hasColumns) ?? false } ?? false
    }
    return (fitting ?? files.first { $0.lowercased() == fileName }).map(folder.join)
  }

  init(_ path: String, host: Host?) throws {
    self.path = path
    rows = try mappingFormatErrors {
      var columns: Columns?
      var rows: [Row] = []
      try CSVFile(path).forEachRow { row in
        guard let columns else {
          columns = try Columns(CSVHeader(row))
          return true
        }
        try columns.header.check(row)
        if rows.count % 4096 == 0 { try host?.checkCancellation() }
        rows.append(try columns.row(row))
        return true
      }
      return rows
    }
  }

  /// The votes on a row of fer2013.csv, counted from 0.
  ///
  /// - Throws: ``PluginError`` (bad data) where the two tables do not go row by row with each other.
  func row(_ index: Int, usage: String, of images: String) throws -> Row {
    guard rows.indices.contains(index) else {
      throw mismatch("has \(Notes.counted(rows.count, "row")), and \(images) has more")
    }
    let usage = usage.trimmingBlanks
    guard rows[index].usage == usage.lowercased() else {
      throw mismatch(
        "line \(rows[index].line): the Usage is '\(rows[index].usage.prefix(40))', but '\(usage.prefix(40))' in the same row of "
          + images)
    }
    return rows[index]
  }

  func checkCount(_ count: Int, of images: String) throws {
    guard count != rows.count else { return }
    throw mismatch("has \(Notes.counted(rows.count, "row")), and \(images) has \(Notes.grouped(count))")
  }

  private func mismatch(_ what: String) -> PluginError {
    .badData(
      "\(path): \(what)", hint: "the votes go by the rows of fer2013.csv: take both tables as they were published")
  }

  func note(shares: Bool) -> String {
    if shares {
      return
        "labels are the shares of the votes of FER+ in \(path), without votes that stand alone; images that are unclear or no face "
        + "are left out"
    }
    return
      "labels are the majority of the votes of FER+ in \(path): more than half of the votes, without those that stand alone; images "
      + "without a majority are left out"
  }

  private struct Columns {
    let header: CSVHeader
    let usage, image: Int
    let votes: [Int]

    init(_ header: CSVHeader) throws {
      self.header = header
      (usage, image) = (try header.require("Usage"), try header.require("Image name"))
      votes = try FERPlusRule.names.map(header.require)
    }

    func row(_ row: CSVRow) throws -> Row {
      let hasImage = try !row.string(image).trimmingBlanks.isEmpty
      let counts = try votes.map { column in
        let text = try row.string(column).trimmingBlanks
        guard let count = Int(text), (0...1000).contains(count) else {
          throw row.failure(
            "'\(text.prefix(40))' is not a number of votes for \(header.names[column])", hint: "correct the row")
        }
        return count
      }
      return Row(
        line: row.location.line, usage: try row.string(usage).trimmingBlanks.lowercased(),
        votes: hasImage ? counts : nil)
    }
  }
}

import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// FER2013 as a table with the columns emotion, pixels and Usage. One pass notes where each row lies; pixels are read when
/// a sample is asked for.
struct FER2013Table {
  private let emotion, pixels, usage: Int
  private let header: CSVHeader

  static func read(_ path: String, host: Host?) throws -> FER2013.Contents<PixelRow> {
    try mappingFormatErrors {
      let file = try CSVFile(path, longestRow: longestRow)
      var table: FER2013Table?
      var contents = FER2013.Contents<PixelRow>()
      var dropped: [Split: [String: Int]] = [:]
      var rows = 0
      try file.forEachRow { row in
        guard let columns = table else {
          table = try FER2013Table(header: row, path)
          return true
        }
        rows += 1
        try columns.header.check(row)
        if rows % 4096 == 0 { try host?.checkCancellation() }
        let split = try columns.split(of: row, path)
        switch try columns.meaning(of: row, path) {
        case .kept(let label):
          let source = PixelRow(file: file, location: row.location, column: columns.pixels)
          contents.splits[split, default: []].append(LabelledSample(source, label: label))
        case .dropped(let name): dropped[split, default: [:]][name, default: 0] += 1
        }
        return true
      }
      for split in Split.allCases {
        contents.notes += Notes.dropped(
          dropped[split, default: [:]], kept: contents.splits[split, default: []].count, in: split)
      }
      contents.notes.append(EmotionNumbering.fer2013.note("emotions"))
      if contents.splits[.validation] != nil {
        contents.notes.append("validation is PublicTest and test is PrivateTest, as the column Usage says")
      }
      return contents
    }
  }

  /// 2,304 numbers of three digits with their blanks, and ample room for what is wrong with a row.
  private static let longestRow = 1 << 20

  /// Whether the first row names FER2013's columns.
  static func hasColumns(_ path: String) -> Bool {
    guard let header = try? CSVFile(path, longestRow: longestRow).header() else { return false }
    return header.index(of: "emotion") != nil && header.index(of: "pixels") != nil
  }

  private init(header row: CSVRow, _ path: String) throws {
    let header = try CSVHeader(row)
    func column(_ name: String) throws -> Int {
      guard let index = try header.column(name) else {
        // FER+ has labels for FER2013's images, and none of their pixels.
        let isFERPlus = header.index(of: "Image name") != nil && header.index(of: "NF") != nil
        throw PluginError.badData(
          "\(path): line \(row.location.line): the header has no column \(name); there \(header.listing)"
            + (isFERPlus ? ": these are the votes of FER+, which hold no pixels" : ""),
          hint: header.separatorHint
            ?? (isFERPlus
              ? "give fer2013.csv; the votes of FER+ are not read"
              : "the first line of FER2013's table is emotion,pixels,Usage"))
      }
      return index
    }
    self.header = header
    emotion = try column("emotion")
    pixels = try column("pixels")
    usage = try column("usage")
  }

  private func meaning(of row: CSVRow, _ path: String) throws -> ClassVocabulary.Meaning {
    let text = try row.string(emotion).trimmingBlanks
    guard let number = Int(text), let meaning = FER2013.numbering.meaning(of: number) else {
      throw PluginError.badData(
        "\(path): line \(row.location.line): unknown emotion code '\(text.prefix(40))'",
        hint: "correct or delete the row; the numbers are \(FER2013.numbering.legend)")
    }
    return meaning
  }

  private func split(of row: CSVRow, _ path: String) throws -> Split {
    guard row.count > max(emotion, pixels, usage) else {
      throw PluginError.badData(
        "\(path): line \(row.location.line): the row has \(row.count) fields, one of emotion, pixels and Usage is missing",
        hint: "correct or delete the row")
    }
    let text = try row.string(usage).trimmingBlanks
    switch text.lowercased() {
    case "training": return .train
    case "publictest": return .validation
    case "privatetest": return .test
    default:
      throw PluginError.badData(
        "\(path): line \(row.location.line): "
          + (text.isEmpty ? "the Usage is missing" : "unknown Usage '\(text.prefix(40))'"),
        hint: "correct or delete the row; Usage is Training, PublicTest or PrivateTest")
    }
  }
}

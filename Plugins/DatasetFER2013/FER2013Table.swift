import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// FER2013 as a table with the columns emotion, pixels and Usage. One pass notes where each row lies; pixels are read when
/// a sample is asked for.
struct FER2013Table {
  private let emotion, pixels, usage: Int
  private let header: CSVHeader

  /// - Parameters:
  ///   - votes: of FER+, which then decide on the labels.
  ///   - shares: whether samples have the shares of the votes beside their class.
  static func read(
    _ path: String, votes: FERPlusVotes? = nil, shares: Bool = false, vocabulary: ClassVocabulary, host: Host?
  ) throws
    -> FER2013.Contents<PixelRow>
  {
    try mappingFormatErrors {
      let file = try CSVFile(path, longestRow: longestRow)
      var table: FER2013Table?
      var contents = FER2013.Contents<PixelRow>()
      var rows = 0
      try file.forEachRow { row in
        guard let columns = table else {
          table = try FER2013Table(header: row, path)
          return true
        }
        try columns.header.check(row)
        let voted = try votes.map { try $0.row(rows, usage: row.string(columns.usage), of: path) }
        rows += 1
        if rows % 4096 == 0 { try host?.checkCancellation() }
        let split = try columns.split(of: row, path)
        let (meaning, distribution) = try columns.meaning(of: row, voted, shares: shares, in: vocabulary, path)
        switch meaning {
        case .kept(let label):
          let source = PixelRow(file: file, location: row.location, column: columns.pixels)
          contents.splits[split, default: []].append(
            LabelledSample(source, label: label, distribution: distribution))
        case .dropped(let name): contents.dropped[split, default: [:]][name, default: 0] += 1
        }
        return true
      }
      for split in Split.allCases {
        contents.notes += Notes.dropped(
          contents.dropped[split, default: [:]], kept: contents.splits[split, default: []].count, in: split)
      }
      try votes?.checkCount(rows, of: path)
      contents.notes.append(votes?.note(shares: shares) ?? EmotionNumbering.fer2013.note("emotions"))
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
        let isFERPlus = FERPlusVotes.hasColumns(header)
        throw PluginError.badData(
          "\(path): line \(row.location.line): the header has no column \(name); there \(header.listing)"
            + (isFERPlus ? ": these are the votes of FER+, which hold no pixels" : ""),
          hint: header.separatorHint
            ?? (isFERPlus
              ? "give fer2013.csv, which has the images; --set dataset.labels=ferplus reads the votes beside it"
              : "the first line of FER2013's table is emotion,pixels,Usage"))
      }
      return index
    }
    self.header = header
    emotion = try column("emotion")
    pixels = try column("pixels")
    usage = try column("usage")
  }

  private func meaning(
    of row: CSVRow, _ voted: FERPlusVotes.Row?, shares: Bool, in vocabulary: ClassVocabulary, _ path: String
  ) throws -> (meaning: ClassVocabulary.Meaning, distribution: [Float]?) {
    if let voted {
      guard let votes = voted.votes else { return (FERPlusRule.noFace, nil) }
      guard shares else { return (FERPlusRule.majority(of: votes, in: vocabulary), nil) }
      let (meaning, shares) = FERPlusRule.shares(of: votes, in: vocabulary)
      return (meaning, shares)
    }
    let text = try row.string(emotion).trimmingBlanks
    guard let number = Int(text), let meaning = FER2013.numbering.meaning(of: number, in: vocabulary) else {
      throw PluginError.badData(
        "\(path): line \(row.location.line): unknown emotion code '\(text.prefix(40))'",
        hint: "correct or delete the row; the numbers are \(FER2013.numbering.legend)")
    }
    return (meaning, nil)
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

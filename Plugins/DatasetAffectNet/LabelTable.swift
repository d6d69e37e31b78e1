import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// One of AffectNet's tables of labels.
struct LabelTable {
  /// One row: where the image is, what it shows, and where the face is in it.
  struct Row {
    let line: Int
    let path: RelativePath
    let meaning: ClassVocabulary.Meaning
    /// As the table writes it.
    let label: String
    /// The label's number, where it is one.
    let number: Int?
    let box: FaceBox?
  }

  let path: String
  /// The file's name.
  let name: String
  /// The split that the file's name speaks of; nil for labels.csv.
  let split: Split?
  private let file: CSVFile
  private let form: LabelTableForm

  var isOfficial: Bool { form.isOfficial }
  /// Whose numbers its labels are, where they are numbers.
  private(set) var numbers: EmotionNumbering?
  private let vocabulary: ClassVocabulary

  /// The tables at the root of a dataset.
  ///
  /// - Parameter numbers: whose numbers labels are where the table's form does not say it.
  static func find(in root: Folder, numbers: EmotionNumbering?, vocabulary: ClassVocabulary) throws -> [LabelTable] {
    try root.entries().filter { $0.kind == .file }.compactMap { entry in
      guard let split = split(ofFile: entry.name) else { return nil }
      return try LabelTable(
        root.join(entry.name), name: entry.name, split: split.split, numbers: numbers, vocabulary: vocabulary)
    }
  }

  /// nil for a name that no table of labels has.
  private static func split(ofFile name: String) -> (split: Split?, Void)? {
    let lowered = name.lowercased()
    guard lowered.hasSuffix(".csv") else { return nil }
    let words = lowered.dropLast(4).split(separator: "_", omittingEmptySubsequences: true).map(String.init)
    if words == ["labels"] { return (nil, ()) }
    let others = words.filter { $0 != "labels" }
    guard others.count == 1, words.count <= 2, let split = SplitFolders.split(named: others[0]) else { return nil }
    return (split, ())
  }

  init(_ path: String, name: String, split: Split?, numbers: EmotionNumbering?, vocabulary: ClassVocabulary) throws {
    (self.path, self.name, self.split, self.vocabulary) = (path, name, split, vocabulary)
    (file, form) = try mappingFormatErrors {
      let file = try CSVFile(path, longestRow: 1 << 20)
      var form: LabelTableForm?
      try file.forEachRow {
        form = try LabelTableForm(firstRow: $0, path)
        return false
      }
      guard let form else {
        throw PluginError.badData("\(path): the table has no rows", hint: "fetch it again, or remove it")
      }
      return (file, form)
    }
    // The authors' own lists have the authors' numbers.
    self.numbers = form.isOfficial ? .affectnet : numbers
  }

  /// Calls `body` for each row with an image.
  func forEachRow(_ body: (Row) throws -> Void) throws {
    try mappingFormatErrors {
      var isFirst = true
      try file.forEachRow { row in
        if !isFirst || !form.hasHeader { try body(try parse(row)) }
        isFirst = false
        return true
      }
    }
  }

  /// All labels that are numbers.
  private func allNumbers() throws -> Set<Int> {
    var found: Set<Int> = []
    var isFirst = true
    try file.forEachRow { row in
      if !isFirst || !form.hasHeader, let number = Int(try row.string(form.labelColumn).trimmingBlanks) {
        found.insert(number)
      }
      isFirst = false
      return true
    }
    return found
  }

  private func parse(_ row: CSVRow) throws -> Row {
    let place = "\(path): line \(row.location.line)"
    let parts = try form.pathColumns.map { String(try row.string($0).trimmingBlanks) }
    if let columns = form.columns, row.count > columns {
      throw row.failure(
        "has \(row.count) fields, the header has \(columns)",
        hint: "a text that holds a comma stands in double quotes; correct or delete the row")
    }
    let label = try row.string(form.labelColumn).trimmingBlanks
    let number = Int(label)
    if number != nil, numbers == nil { throw EmotionNumbering.undecided("\(path): labels", try allNumbers()) }
    guard let meaning = AffectNet.meaning(of: label, numbers: numbers, in: vocabulary) else {
      let legend = (numbers ?? .affectnet).classes.legend
      throw PluginError.badData(
        "\(place): " + (label.isEmpty ? "the label is missing" : "unknown expression '\(label.prefix(40))'"),
        hint: "correct or delete the row; labels are names or \(legend)")
    }
    let relative = try RelativePath(parts.filter { !$0.isEmpty }.joined(separator: "/"), place: place)
    guard let columns = form.boxColumns, case .kept = meaning else {
      return Row(
        line: row.location.line, path: relative, meaning: meaning, label: String(label), number: number, box: nil)
    }
    let numbers = try columns.map { column in
      let text = try row.string(column).trimmingBlanks
      guard let value = Double(text), value.magnitude < 1e6 else {
        throw PluginError.badData(
          "\(place): '\(text.prefix(40))' in the face box is not a number of pixels", hint: "correct or delete the row")
      }
      return Int32(value.rounded())
    }
    guard let box = FaceBox(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3]) else {
      throw PluginError.badData(
        "\(place): the face box is \(numbers[2])×\(numbers[3]) pixels", hint: "correct or delete the row")
    }
    return Row(
      line: row.location.line, path: relative, meaning: meaning, label: String(label), number: number, box: box)
  }
}

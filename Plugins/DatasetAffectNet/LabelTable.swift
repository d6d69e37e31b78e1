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

  /// The tables at the root of a dataset.
  static func find(in root: Folder) throws -> [LabelTable] {
    try root.entries().filter { $0.kind == .file }.compactMap { entry in
      guard let split = split(ofFile: entry.name) else { return nil }
      return try LabelTable(root.join(entry.name), name: entry.name, split: split.split)
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

  init(_ path: String, name: String, split: Split?) throws {
    (self.path, self.name, self.split) = (path, name, split)
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

  private func parse(_ row: CSVRow) throws -> Row {
    let place = "\(path): line \(row.location.line)"
    let parts = try form.pathColumns.map { String(try row.string($0).trimmingBlanks) }
    let label = try row.string(form.labelColumn).trimmingBlanks
    guard let meaning = AffectNet.meaning(of: label) else {
      throw PluginError.badData(
        "\(place): " + (label.isEmpty ? "the label is missing" : "unknown expression '\(label.prefix(40))'"),
        hint: "correct or delete the row; labels are names or \(AffectNet.numbering.legend)")
    }
    let relative = try RelativePath(parts.filter { !$0.isEmpty }.joined(separator: "/"), place: place)
    guard let columns = form.boxColumns, case .kept = meaning else {
      return Row(line: row.location.line, path: relative, meaning: meaning, box: nil)
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
    return Row(line: row.location.line, path: relative, meaning: meaning, box: box)
  }
}

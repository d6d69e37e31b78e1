import SentryBase
import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// `list_patition_label.txt`: a line `train_00001.jpg 5` for each image; the name tells the split, and the number the emotion.
struct PartitionList {
  let path: String
  let name: String
  /// The folder that holds Image/aligned/.
  let root: Folder

  private struct Line {
    let number: Int
    let image: RAFDBName
    /// As the list writes it.
    let file: Substring
    let label: Substring
    let meaning: ClassVocabulary.Meaning
  }

  func read(vocabulary: ClassVocabulary, host: Host?) throws -> LabelledImages {
    let text = try mappingFormatErrors { try TextFile.read(path, limit: 64 << 20) }
    var (contents, listed, index) = (LabelledImages(), ListedImages(), FolderIndex(root))
    var dropped: [Split: [String: Int]] = [:]
    var (count, found, missing) = (0, 0, String?.none)
    for (offset, content) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      guard !content.trimmingBlanks.isEmpty else { continue }
      if offset % 4096 == 0 { try host?.checkCancellation() }
      let line = try parse(content, number: offset + 1, vocabulary)
      count += 1
      let place = try locate(line, &index)
      if place != nil { found += 1 } else { missing = missing ?? "\(line.file) (line \(line.number))" }
      let image = place ?? "\(Self.imageFolders[0])/\(line.image.stem)_aligned.jpg"
      let mention = ListedImages.Mention(
        place: "line \(line.number)", label: String(line.label), meaning: line.meaning)
      guard listed.insert(image, mention) else { continue }
      switch line.meaning {
      case .dropped(let name): dropped[line.image.split, default: [:]][name, default: 0] += 1
      case .kept(let label):
        // Where nothing is found, reading the sample will say so, and --skip-bad can pass over it.
        let source = ImageFile(root: root, path: image, listing: .init(table: name, line: line.number))
        contents.splits[line.image.split, default: []].append(LabelledSample(source, label: label))
      }
    }
    try listed.check(Folder(path))
    try checkFound(found, of: count, first: missing)
    for split in Split.allCases {
      contents.notes += Notes.dropped(
        dropped[split, default: [:]], kept: contents.splits[split, default: []].count, in: split)
    }
    contents.notes += listed.notes
    if found < count {
      contents.notes.append(
        "of \(Notes.counted(count, "image")) that \(name) lists, \(Notes.grouped(count - found)) missing on disk")
    }
    contents.notes.append(EmotionNumbering.rafdb.note("labels of \(name)"))
    return contents
  }

  private static let imageFolders = ["Image/aligned", "aligned"]

  private func locate(_ line: Line, _ index: inout FolderIndex) throws -> String? {
    for suffix in [".jpg", ".png"] {
      let file = try RelativePath(line.image.stem + "_aligned" + suffix, place: path)
      for folder in Self.imageFolders { if let found = try index.find(file, under: folder) { return found } }
    }
    return nil
  }

  private func checkFound(_ found: Int, of count: Int, first missing: String?) throws {
    guard found == 0 else { return }
    throw PluginError.badData(
      count == 0
        ? "\(path): the list has no lines"
        : "\(path): none of the \(Notes.grouped(count)) images that it lists is in \(root.join(Self.imageFolders[0])), the first is "
          + (missing ?? ""),
      hint: "unpack aligned.zip there: the faces train_00001_aligned.jpg and so on, not the whole photographs")
  }

  private func parse(_ content: Substring, number: Int, _ vocabulary: ClassVocabulary) throws -> Line {
    let fields = content.split { $0 == " " || $0 == "\t" }
    let numbering = EmotionNumbering.rafdb.classes
    func refuse(_ what: String) -> PluginError {
      .badData(
        "\(path): line \(number): \(what)", hint: "a line is 'train_00001.jpg 5'; the numbers are \(numbering.legend)")
    }
    guard fields.count == 2 else {
      throw refuse(
        fields.count < 2
          ? "the label of '\(fields.first.map { $0.prefix(60) } ?? "")' is missing" : "there are \(fields.count) fields"
      )
    }
    guard let image = RAFDBName(fields[0]) else {
      throw refuse("'\(fields[0].prefix(60))' is not the name of an image of RAF-DB")
    }
    guard let label = Int(fields[1]), let meaning = numbering.meaning(of: label, in: vocabulary) else {
      throw refuse("unknown emotion '\(fields[1].prefix(40))'")
    }
    return Line(number: number, image: image, file: fields[0], label: fields[1], meaning: meaning)
  }
}

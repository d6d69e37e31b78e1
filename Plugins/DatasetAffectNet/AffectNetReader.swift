import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// Puts the dataset together from tables and class folders.
struct AffectNetReader {
  let root: Folder
  let folders: SplitFolders
  let tables: [LabelTable]
  /// Whose numbers class folders are, where they are numbers.
  let numbers: EmotionNumbering?
  let vocabulary: ClassVocabulary
  let host: Host?
  private(set) var splits: [Split: [LabelledSample<ImageFile>]] = [:]
  private(set) var notes: [String] = []
  /// Whether ``numbers`` explained a folder or a label.
  private(set) var usesNumbers = false
  private var dropped: [Split: [String: Int]] = [:]
  /// The images that a table names, whatever it says of them.
  private var listed = ListedImages()
  private var index: FolderIndex

  init(_ root: Folder, numbers: EmotionNumbering?, vocabulary: ClassVocabulary, host: Host?) throws {
    (self.root, self.numbers, self.vocabulary, self.host) = (root, numbers, vocabulary, host)
    folders = try SplitFolders(in: root)
    tables = try LabelTable.find(in: root, numbers: numbers, vocabulary: vocabulary)
    index = FolderIndex(root)
  }

  mutating func read() throws {
    for table in tables { try read(table) }
    // The official lists name folders by running numbers, which must not be taken for classes.
    if !tables.contains(where: \.isOfficial) { try readFolders() }
    try listed.check(root)
    notes += listed.notes
    for split in Split.allCases {
      notes += Notes.dropped(
        dropped[split, default: [:]], kept: splits[split, default: []].count, in: split)
    }
    if splits[.validation, default: []].isEmpty { useTestAsValidation() }
  }

  private mutating func useTestAsValidation() {
    guard let test = splits[.test], !test.isEmpty, !splits[.train, default: []].isEmpty else { return }
    splits[.validation] = test
    splits[.test] = nil
    notes.append("test images are used for validation, since there is no validation split; there is no test split then")
  }

  private mutating func read(_ table: LabelTable) throws {
    var rows = 0
    var found = 0
    var (hasNumbers, hasBackslashes, missing) = (false, false, String?.none)
    try table.forEachRow { row in
      rows += 1
      hasNumbers = hasNumbers || row.number != nil
      hasBackslashes = hasBackslashes || row.path.hasBackslashes
      if rows % 4096 == 0 { try host?.checkCancellation() }
      let place = try locate(row.path, table)
      if let place {
        found += 1
        let mention = ListedImages.Mention(
          place: "\(table.name) line \(row.line)", label: row.label, meaning: row.meaning, box: row.box)
        guard listed.insert(place.path, mention) else { return }
      } else {
        missing = missing ?? "\(row.path.components.joined(separator: "/")) (line \(row.line))"
      }
      let split = place?.split ?? table.split ?? .train
      switch row.meaning {
      case .dropped(let name): dropped[split, default: [:]][name, default: 0] += 1
      case .kept(let label):
        // Where nothing is found, reading the sample will say so, and --skip-bad can pass over it.
        let path = place?.path ?? row.path.components.joined(separator: "/")
        let source = ImageFile(
          root: root, path: path, listing: .init(table: table.name, line: row.line), box: row.box)
        splits[split, default: []].append(LabelledSample(source, label: label))
      }
    }
    guard found > 0 else {
      throw PluginError.badData(
        rows == 0
          ? "\(table.path): the table has no rows"
          : "\(table.path): none of the \(Notes.grouped(rows)) images that it lists is in \(root.path), the first is "
            + (missing ?? ""),
        hint: "give --data the folder that the paths in the table start from")
    }
    if found < rows {
      notes.append(
        "of \(Notes.counted(rows, "image")) that \(table.name) lists, \(Notes.grouped(rows - found)) missing on disk")
    }
    if hasBackslashes { notes.append("\(table.name) writes paths with backslashes, read as /") }
    if hasNumbers, let numbers = table.numbers { notes.append(numbers.note("labels of \(table.name)")) }
    usesNumbers = usesNumbers || hasNumbers && !table.isOfficial
  }

  /// Looks under the root, under its folder images/, and under the split folders; the folder decides the split.
  private mutating func locate(_ path: RelativePath, _ table: LabelTable) throws -> (path: String, split: Split?)? {
    for base in ["", "images"] {
      if let found = try index.find(path, under: base) {
        let first = found.prefix { $0 != "/" }
        return (found, Split.allCases.first { folders[$0].map { $0[...] == first } ?? false })
      }
    }
    let order = [table.split].compactMap(\.self) + Split.allCases.filter { $0 != table.split }
    for split in order {
      guard let folder = folders[split] else { continue }
      for base in [folder, "\(folder)/images"] {
        if let found = try index.find(path, under: base) { return (found, split) }
      }
    }
    return nil
  }
}

extension AffectNetReader {
  /// Class folders, in the split folders or in the root itself. Beside a table they give the images that it does not list.
  private mutating func readFolders() throws {
    let hasSplits = !folders.folders.isEmpty
    let (numbers, vocabulary, listed) = (numbers, vocabulary, listed.paths)
    var hasNumbers = false
    for split in Split.allCases {
      guard let folder = hasSplits ? folders[split] : split == .train ? "" : nil else { continue }
      if try readAnnotations(in: folder, split) { continue }
      let isDecided = try checkNumbers(in: folder, listed, &hasNumbers)
      let found = try ClassFolders(
        folder, of: root, vocabulary: vocabulary, passingOver: { _ in !isDecided || !tables.isEmpty },
        meaning: { AffectNet.meaning(of: $0, numbers: numbers, in: vocabulary) }, excluding: listed)
      notes += Notes.skippedLinks(found.skippedLinks)
      notes += Notes.otherFiles(found.otherFiles, example: found.otherExample, in: split)
      if tables.isEmpty { notes += Notes.missingClasses(found.missing, in: split) }
      if !tables.isEmpty, !found.items.isEmpty {
        notes.append(
          "\(Notes.counted(found.items.count, "\(Notes.word(split)) image")) without a row in "
            + "\(tables.map(\.name).joined(separator: ", ")): the folder is the class")
      }
      for (name, count) in found.dropped { dropped[split, default: [:]][name, default: 0] += count }
      splits[split, default: []] += found.items.map {
        LabelledSample(ImageFile(root: root, path: $0.path), label: $0.label)
      }
    }
    if hasNumbers, let numbers { notes.append(numbers.note("the class folders")) }
    usesNumbers = usesNumbers || hasNumbers
  }

  /// - Returns: false where there are none.
  private mutating func readAnnotations(in folder: String, _ split: Split) throws -> Bool {
    guard tables.isEmpty, let annotations = try AnnotationFolder(folder, of: root) else { return false }
    let found = try annotations.read(vocabulary: vocabulary, host: host)
    splits[split, default: []] += found.samples
    dropped[split, default: [:]].merge(found.dropped, uniquingKeysWith: +)
    if found.missing > 0 {
      notes.append(
        "\(Notes.counted(found.missing, "annotation")) of \(Notes.word(split)) images that are missing on disk")
    }
    notes.append(EmotionNumbering.affectnet.note("annotations of \(Notes.word(split)) images"))
    return true
  }

  /// - Returns: false for numbered folders that nobody explains, but whose images are all in tables.
  /// - Throws: ``PluginError`` where the class of an image would be a guess.
  private func checkNumbers(in folder: String, _ listed: Set<String>, _ found: inout Bool) throws -> Bool {
    let parent = folder.isEmpty ? root : root.appending(folder)
    let names = try parent.entries().filter { $0.kind == .folder && Int($0.name) != nil }.map(\.name)
    guard !names.isEmpty else { return true }
    found = true
    guard numbers == nil else { return true }
    let paths = names.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
    let isGuess = try paths.contains { path in
      try root.appending(path).images(of: root).paths.contains { !listed.contains("\(path)/\($0)") }
    }
    if isGuess || tables.isEmpty {
      throw EmotionNumbering.undecided("\(parent.path): the class folders", names.compactMap { Int($0) })
    }
    return false
  }
}

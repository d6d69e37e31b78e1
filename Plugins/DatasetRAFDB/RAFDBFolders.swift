import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// RAF-DB as it is passed on at Kaggle: `train/1/train_00001_aligned.jpg`, in folders with its numbers or with names.
enum RAFDBFolders {
  static func read(_ root: Folder, vocabulary: ClassVocabulary) throws -> LabelledImages {
    let folders = try SplitFolders(in: root)
    var contents = LabelledImages()
    for split in Split.allCases {
      guard let name = folders[split] else { continue }
      let found = try ClassFolders(name, of: root, vocabulary: vocabulary) {
        vocabulary.meaning(of: $0, numbers: .rafdb)
      }
      contents.splits[split] = try found.items.map {
        try check($0.path, in: split, of: root)
        return LabelledSample(ImageFile(root: root, path: $0.path), label: $0.label)
      }
      contents.notes += Notes.skippedLinks(found.skippedLinks)
      contents.notes += Notes.otherFiles(found.otherFiles, example: found.otherExample, in: split)
      contents.dropped[split] = found.dropped
      contents.notes += Notes.dropped(found.dropped, kept: found.items.count, in: split)
      contents.notes += Notes.missingClasses(found.missing, in: split)
    }
    let tables = try root.entries().filter { $0.kind == .file && $0.name.lowercased().hasSuffix(".csv") }.map(\.name)
    if let table = tables.first { contents.notes.append("\(table) is not read: the folders are the classes") }
    contents.notes.append(EmotionNumbering.rafdb.note("class folders, where they are numbers,"))
    return contents
  }

  /// - Throws: ``PluginError`` (bad data) for an image of the other split: one of the two is wrong.
  private static func check(_ path: String, in split: Split, of root: Folder) throws {
    guard let name = path.split(separator: "/").last.flatMap({ RAFDBName($0) }), split != .validation,
      name.split != split
    else { return }
    throw PluginError.badData(
      "\(root.join(path)): by its name the image is one of RAF-DB's \(Notes.word(name.split)) split",
      hint: "put it back into the folder of its split")
  }
}

import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// CK+ as class folders of chosen frames, as at Kaggle (CK+48): anger/S010_004_00000017.png.
enum CKPlusFolders {
  static func read(_ root: Folder, vocabulary: ClassVocabulary) throws -> LabelledImages {
    let folders = try SplitFolders(in: root)
    var contents = LabelledImages()
    for split in Split.allCases {
      guard let folder = folders.folders.isEmpty ? (split == .train ? "" : nil) : folders[split] else { continue }
      let found = try ClassFolders(folder, of: root, vocabulary: vocabulary) {
        vocabulary.meaning(of: $0, numbers: .ckplus)
      }
      contents.splits[split] = found.items.map { item in
        let name = item.path.split(separator: "/").last.flatMap { CKPlusName($0) }
        return LabelledSample(ImageFile(root: root, path: item.path), label: item.label, group: name?.subject)
      }
      contents.notes += Notes.skippedLinks(found.skippedLinks)
      contents.notes += Notes.otherFiles(found.otherFiles, example: found.otherExample, in: split)
      contents.dropped[split] = found.dropped
      contents.notes += Notes.dropped(found.dropped, kept: found.items.count, in: split)
      contents.notes += Notes.missingClasses(found.missing, in: split)
    }
    let parent = Split.allCases.compactMap { folders[$0] }.first.map(root.appending) ?? root
    if try parent.entries().contains(where: { $0.kind == .folder && Int($0.name) != nil }) {
      contents.notes.append(EmotionNumbering.ckplus.note("the class folders"))
    }
    return contents
  }
}

import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// FER2013 as images in `train/<class>/` and `test/<class>/`.
enum FER2013Folders {
  static func read(_ root: Folder, numbers: EmotionNumbering?, vocabulary: ClassVocabulary) throws
    -> FER2013.Contents<ImageFile>
  {
    let folders = try SplitFolders(in: root)
    var contents = FER2013.Contents<ImageFile>()
    for split in Split.allCases {
      guard let name = folders[split] else { continue }
      let numbered = try root.appending(name).entries().filter { $0.kind == .folder }.compactMap { Int($0.name) }
      if !numbered.isEmpty {
        guard numbers != nil else {
          throw EmotionNumbering.undecided("\(root.join(name)): the class folders", numbered)
        }
        contents.hasNumberedFolders = true
      }
      let found = try ClassFolders(name, of: root, vocabulary: vocabulary) {
        vocabulary.meaning(of: $0, numbers: numbers)
      }
      contents.notes += Notes.skippedLinks(found.skippedLinks)
      if split == .train, !found.missing.isEmpty {
        throw PluginError.badData(
          "\(root.join(name)): there is no folder for \(found.missing.joined(separator: ", "))",
          hint: "FER2013 has the folders \(FER2013.numbering.names.sorted().joined(separator: ", "))")
      }
      let samples = found.items.map {
        LabelledSample(ImageFile(root: root, path: $0.path), label: $0.label)
      }
      contents.splits[split] = samples
      contents.dropped[split] = found.dropped
      contents.notes += Notes.otherFiles(found.otherFiles, example: found.otherExample, in: split)
      contents.notes += Notes.dropped(found.dropped, kept: samples.count, in: split)
      contents.notes += Notes.missingClasses(found.missing, in: split)
    }
    divideTest(&contents, folders)
    if contents.hasNumberedFolders, let numbers { contents.notes.append(numbers.note("the class folders")) }
    return contents
  }

  /// `PublicTest_…` is validation and `PrivateTest_…` is test, so that no model is chosen on what it is reported on.
  /// Where the names do not say, all of test/ is validation.
  private static func divideTest(_ contents: inout FER2013.Contents<ImageFile>, _ folders: SplitFolders) {
    guard folders[.validation] == nil, let name = folders[.test], let all = contents.splits[.test] else { return }
    let isTest = all.map { $0.source.fileName.hasPrefix("privatetest") }
    let isPublic = all.map { $0.source.fileName.hasPrefix("publictest") }
    guard isTest.contains(true), isTest.contains(false) else {
      contents.splits[.validation] = all
      contents.splits[.test] = nil
      contents.notes.append(
        "the file names in \(name)/ do not tell PublicTest from PrivateTest: all of it is validation, and there is no test "
          + "split")
      return
    }
    contents.splits[.validation] = zip(all, isTest).filter { !$1 }.map(\.0)
    contents.splits[.test] = zip(all, isTest).filter { $1 }.map(\.0)
    contents.notes.append("validation is PublicTest and test is PrivateTest, as the file names in \(name)/ say")
    let unknown = zip(isTest, isPublic).count { !$0 && !$1 }
    if unknown > 0 {
      contents.notes.append(
        "\(Notes.counted(unknown, "image")) in \(name)/ named neither PublicTest_ nor PrivateTest_: validation"
      )
    }
  }
}

extension ImageFile {
  /// The last part of the path, in lower case.
  var fileName: String { (path.split(separator: "/").last.map(String.init) ?? path).lowercased() }
}

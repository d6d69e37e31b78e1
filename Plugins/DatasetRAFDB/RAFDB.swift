import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// The Real-world Affective Faces Database (Li, Deng and Du, "Reliable crowdsourcing and deep locality-preserving learning for
/// expression recognition in the wild", 2017): the single-label subset, 12,271 training and 3,068 test images.
enum RAFDB {
  struct Options: Codable, Sendable {
    var path: String?
    var classes = EmotionClasses.six
  }

  static let options: [OptionDeclaration] = [
    DatasetOptions.path("The folder with list_patition_label.txt and Image/aligned/, or with train/1/ and test/1/."),
    EmotionClasses.option(upTo: .seven),
  ]

  static func open(_ options: Options, host: Host?) throws -> any Dataset {
    let path = try DatasetOptions.require(
      options.path, dataset: "rafdb", holding: "the folder with list_patition_label.txt and Image/aligned/")
    guard try entryKind(at: path) == .folder else {
      throw PluginError.invalid("\(path) is not a folder", hint: "give --data the folder that holds RAF-DB")
    }
    let vocabulary = options.classes.vocabulary
    var contents =
      switch try RAFDBForm(in: Folder(path)) {
      case .list(let list): try list.read(vocabulary: vocabulary, host: host)
      case .folders(let root): try RAFDBFolders.read(root, vocabulary: vocabulary)
      }
    try contents.requireAny(in: path)
    if contents.splits[.validation, default: []].isEmpty, !contents.splits[.test, default: []].isEmpty {
      contents.notes.append(
        "RAF-DB's own test split is the test split: validation is held out from training, so that no model is chosen on it"
      )
    }
    return LabelledDataset(
      task: "emotion", vocabulary: vocabulary, splits: contents.splits, notes: contents.notes)
  }
}

/// `train_00001_aligned.jpg`: the name of an image tells its split.
struct RAFDBName {
  let split: Split
  /// Without `_aligned` and without an extension: `train_00001`.
  let stem: String

  init?(_ file: some StringProtocol) {
    let name = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? String(file)
    let words = name.lowercased().split(separator: "_", omittingEmptySubsequences: false)
    guard words.count == 2 || words.count == 3 && words[2] == "aligned", words[1].utf8.count >= 4,
      words[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    switch words[0] {
    case "train": split = .train
    case "test": split = .test
    default: return nil
    }
    stem = "\(words[0])_\(words[1])"
  }
}

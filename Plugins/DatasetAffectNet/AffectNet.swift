import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// AffectNet (Mollahosseini, Hasani and Mahoor, "AffectNet: A database for facial expression, valence, and arousal computing
/// in the wild", 2017), in the forms that it is passed on in.
enum AffectNet {
  /// The official numbers of expressions.
  static let numbering = ClassNumbering(
    [
      "neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt", "none", "uncertain", "no-face",
    ], in: .emotion, leftOut: ["none", "uncertain", "no-face"])

  /// A class as folders and tables write it: a name or an official number.
  static func meaning(of text: some StringProtocol) -> ClassVocabulary.Meaning? {
    let text = text.trimmingBlanks
    if let number = Int(text) { return numbering.meaning(of: number) }
    if let meaning = ClassVocabulary.emotion.meaning(of: text) { return meaning }
    return numbering.names.firstIndex(of: text.lowercased()).flatMap(numbering.meaning)
  }

  struct Options: Codable, Sendable {
    var path: String?
  }

  static let options: [OptionDeclaration] = [
    DatasetOptions.path("The folder with train/ and val/, or with labels.csv.")
  ]

  static func open(_ options: Options, host: Host?) throws -> any Dataset {
    let path = try DatasetOptions.require(
      options.path, dataset: "affectnet", holding: "the folder with train/ and val/ or with labels.csv")
    guard try entryKind(at: path) == .folder else {
      throw PluginError.invalid("\(path) is not a folder", hint: "give --data the folder that holds the images")
    }
    let root = Folder(path)
    var reader = try AffectNetReader(root, host: host)
    try reader.read()
    guard !reader.splits[.train, default: []].isEmpty else {
      throw PluginError.badData(
        "\(path): there is no training image",
        hint: "AffectNet has class folders in train/ and val/, or a labels.csv beside them")
    }
    return LabelledDataset(
      task: "emotion", vocabulary: .emotion, splits: reader.splits, notes: reader.notes)
  }
}

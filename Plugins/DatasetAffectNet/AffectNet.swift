import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// AffectNet (Mollahosseini, Hasani and Mahoor, "AffectNet: A database for facial expression, valence, and arousal computing
/// in the wild", 2017), in the forms that it is passed on in.
enum AffectNet {
  /// The official numbers of expressions.
  static let numbering = EmotionNumbering.affectnet.classes

  /// A class as folders and tables write it: by name, or by number where it is known whose numbers they are.
  static func meaning(
    of text: some StringProtocol, numbers: EmotionNumbering?, in vocabulary: ClassVocabulary = .emotion
  ) -> ClassVocabulary.Meaning? {
    vocabulary.meaning(of: text, numbers: numbers) ?? numbering.meaning(named: text.trimmingBlanks, in: vocabulary)
  }

  struct Options: Codable, Sendable {
    var path: String?
    var numbering = EmotionNumbering.Choice.ask
    var classes = EmotionClasses.six
  }

  static let options: [OptionDeclaration] = [
    DatasetOptions.path("The folder with train/ and val/, with labels.csv, or with train_set/ and val_set/."),
    EmotionNumbering.option, EmotionClasses.option(upTo: .eight),
  ]

  static func open(_ options: Options, host: Host?) throws -> any Dataset {
    let path = try DatasetOptions.require(
      options.path, dataset: "affectnet", holding: "the folder with train/ and val/ or with labels.csv")
    guard try entryKind(at: path) == .folder else {
      throw PluginError.invalid("\(path) is not a folder", hint: "give --data the folder that holds the images")
    }
    let root = Folder(path)
    var reader = try AffectNetReader(
      root, numbers: options.numbering.numbering, vocabulary: options.classes.vocabulary, host: host)
    try reader.read()
    if !reader.usesNumbers {
      try DatasetOptions.refuseUnused(
        "numbering", options.numbering, unless: .ask,
        because: "in \(path) no class folder or label is a number whose meaning is open")
    }
    guard reader.splits.values.contains(where: { !$0.isEmpty }) else {
      throw PluginError.badData(
        "\(path): there is no image of a class that counts",
        hint:
          "AffectNet has class folders in train/ and val/ or a labels.csv beside them, or images/ and annotations/ in train_set/"
      )
    }
    return LabelledDataset(
      task: "emotion", vocabulary: reader.vocabulary, splits: reader.splits, notes: reader.notes)
  }
}

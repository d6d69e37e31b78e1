import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// The Facial Expression Recognition 2013 challenge (Goodfellow et al., "Challenges in representation learning", 2013):
/// 35,887 grey faces of 48 × 48 pixels.
enum FER2013 {
  /// The challenge's own numbers. They are not Sentry's order: names alone connect the two.
  static let numbering = EmotionNumbering.fer2013.classes

  static let side = 48

  struct Options: Codable, Sendable {
    var path: String?
    var deduplicate = false
    var numbering = EmotionNumbering.Choice.ask
  }

  static let options: [OptionDeclaration] = [
    DatasetOptions.path("The folder with train/ and test/, or fer2013.csv or icml_face_data.csv, or their folder."),
    .flag(
      "deduplicate", false,
      "Drop training images that duplicate a training, validation or test image, and validation images that duplicate "
        + "a test image."),
    EmotionNumbering.option,
  ]

  static func open(_ options: Options, host: Host?) throws -> any Dataset {
    let path = try DatasetOptions.require(
      options.path, dataset: "fer2013", holding: "the folder with train/ and test/, or fer2013.csv")
    switch try FER2013Form(at: path) {
    case .table(let file):
      var contents = try FER2013Table.read(file, host: host)
      if let votes = try FER2013Form.votes(in: Folder(parent(of: file))) {
        contents.notes.append("\(votes) holds the votes of FER+, which are not read: the labels are those of FER2013")
      }
      return try dataset(contents, options, shape: [side, side, 1])
    case .folders:
      let contents = try FER2013Folders.read(Folder(path), numbers: options.numbering.numbering)
      return try dataset(contents, options, shape: [-1, -1, -1])
    }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What either form gives.
  struct Contents<Source: SampleSource> {
    var splits: [Split: [LabelledSample<Source>]] = [:]
    var notes: [String] = []
  }

  private static func dataset<Source>(
    _ contents: Contents<Source>, _ options: Options, shape: [Int]
  ) throws -> any Dataset {
    var contents = contents
    if options.deduplicate {
      let removed = removeDuplicates(from: &contents.splits)
      contents.notes.append(removed.note)
    }
    guard contents.splits.values.contains(where: { !$0.isEmpty }) else {
      throw PluginError.badData("\(options.path ?? ""): there is no image", hint: "check that the dataset is complete")
    }
    return LabelledDataset(
      task: "emotion", vocabulary: .emotion, shape: shape, splits: contents.splits, notes: contents.notes)
  }
}

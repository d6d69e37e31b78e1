import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// The Facial Expression Recognition 2013 challenge (Goodfellow et al., "Challenges in representation learning", 2013):
/// 35,887 grey faces of 48 × 48 pixels.
enum FER2013 {
  /// The challenge's own numbers. They are not Sentry's order: names alone connect the two.
  static let numbering = ClassNumbering(
    ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"], in: .emotion)

  static let side = 48

  struct Options: Codable, Sendable {
    var path: String?
    var deduplicate = false
  }

  static let options: [OptionDeclaration] = [
    DatasetOptions.path("The folder with train/ and test/, or fer2013.csv or icml_face_data.csv, or their folder."),
    .flag(
      "deduplicate", false,
      "Drop training images that duplicate a training, validation or test image, and validation images that duplicate "
        + "a test image."),
  ]

  static func open(_ options: Options, host: Host?) throws -> any Dataset {
    let path = try DatasetOptions.require(
      options.path, dataset: "fer2013", holding: "the folder with train/ and test/, or fer2013.csv")
    switch try FER2013Form(at: path) {
    case .table(let file): return try dataset(try FER2013Table.read(file, host: host), options, shape: [side, side, 1])
    case .folders: return try dataset(try FER2013Folders.read(Folder(path)), options, shape: [-1, -1, -1])
    }
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
    guard contents.splits[.train, default: []].count > 0 else {
      throw PluginError.badData(
        "\(options.path ?? ""): there is no training image", hint: "check that the dataset is complete")
    }
    return LabelledDataset(
      task: "emotion", vocabulary: .emotion, shape: shape, splits: contents.splits, notes: contents.notes)
  }
}

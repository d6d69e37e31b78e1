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
    var classes = EmotionClasses.six
    var labels = Labels.fer2013
  }

  /// Whose labels images have.
  enum Labels: String, Codable, CaseIterable, Sendable {
    case fer2013, ferplus
    case ferplusShares = "ferplus-shares"
  }

  static let options: [OptionDeclaration] = [
    DatasetOptions.path("The folder with train/ and test/, or fer2013.csv or icml_face_data.csv, or their folder."),
    .flag(
      "deduplicate", false,
      "Drop training images that duplicate a training, validation or test image, and validation images that duplicate "
        + "a test image."),
    EmotionNumbering.option, EmotionClasses.option(upTo: .eight),
    .choice(
      "labels", Labels.fer2013.rawValue, of: Labels.allCases.map(\.rawValue),
      "Whose labels: those of FER2013, or of FER+, from fer2013new.csv beside fer2013.csv: the majority of its votes, or their "
        + "shares (the class with the most votes, and soft targets for trainers that take them)."),
  ]

  static func open(_ options: Options, host: Host?) throws -> any Dataset {
    let path = try DatasetOptions.require(
      options.path, dataset: "fer2013", holding: "the folder with train/ and test/, or fer2013.csv")
    let form = try FER2013Form(at: path)
    try check(options, form)
    let vocabulary = options.classes.vocabulary
    switch form {
    case .table(let file):
      try DatasetOptions.refuseUnused(
        "numbering", options.numbering, unless: .ask, because: "the emotions of \(file) have FER2013's own numbers")
      let votes = try FERPlusVotes.find(in: Folder(parent(of: file)))
      switch options.labels {
      case .fer2013:
        var contents = try FER2013Table.read(file, vocabulary: vocabulary, host: host)
        if let votes {
          contents.notes.append(
            "\(votes) holds the votes of FER+, which are not used: the labels are those of FER2013 "
              + "(--set dataset.labels=ferplus uses them)")
        }
        return try dataset(contents, options, shape: [side, side, 1])
      case .ferplus, .ferplusShares:
        guard let votes else {
          throw PluginError.invalid(
            "there is no table of FER+'s votes beside \(file)",
            hint: "get fer2013new.csv from github.com/microsoft/FERPlus and put it there")
        }
        let contents = try FER2013Table.read(
          file, votes: try FERPlusVotes(votes, host: host), shares: options.labels == .ferplusShares,
          vocabulary: vocabulary, host: host)
        return try dataset(contents, options, shape: [side, side, 1])
      }
    case .folders:
      let contents = try FER2013Folders.read(
        Folder(path), numbers: options.numbering.numbering, vocabulary: vocabulary)
      if !contents.hasNumberedFolders {
        try DatasetOptions.refuseUnused(
          "numbering", options.numbering, unless: .ask, because: "the class folders in \(path) have names")
      }
      return try dataset(contents, options, shape: [-1, -1, -1])
    }
  }

  /// - Throws: ``PluginError`` (invalid) for options that do not fit each other or the form of the data.
  private static func check(_ options: Options, _ form: FER2013Form) throws {
    if options.labels == .fer2013, options.classes == .eight {
      throw PluginError.invalid(
        "FER2013 has no contempt, and dataset.classes is 8",
        hint: "set dataset.classes to 7, or dataset.labels to ferplus, whose votes have contempt")
    }
    if options.labels != .fer2013, case .folders = form {
      throw PluginError.invalid(
        "the votes of FER+ go by the rows of fer2013.csv, and \(options.path ?? "") holds folders of images",
        hint: "give --data the fer2013.csv that has fer2013new.csv beside it")
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
    /// What was left out, and how many of each.
    var dropped: [Split: [String: Int]] = [:]
    /// Whether class folders are numbers.
    var hasNumberedFolders = false
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
      throw PluginError.noImage(in: options.path ?? "", dropped: contents.dropped)
    }
    return LabelledDataset(
      task: "emotion", vocabulary: options.classes.vocabulary, shape: shape, splits: contents.splits,
      notes: contents.notes)
  }
}

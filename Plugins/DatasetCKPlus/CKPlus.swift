import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// The Extended Cohn-Kanade set (Lucey et al., "The Extended Cohn-Kanade Dataset (CK+): A complete dataset for action unit and
/// emotion-specified expression", 2010): 593 recordings of 123 people, each from a neutral face to the peak of an expression;
/// 327 have an emotion.
enum CKPlus {
  struct Options: Codable, Sendable {
    var path: String?
    var classes = EmotionClasses.six
    var peakFrames = 3
    var neutralFrames = 1

    enum CodingKeys: String, CodingKey {
      case path, classes
      case peakFrames = "peak-frames"
      case neutralFrames = "neutral-frames"
    }
  }

  static let options: [OptionDeclaration] = [
    DatasetOptions.path(
      "The folder with cohn-kanade-images/ and Emotion/, or with class folders of S010_004_00000017.png."),
    EmotionClasses.option(upTo: .eight),
    .integer(
      "peak-frames", 3, minimum: 1, maximum: 100,
      "The last frames of each recording that show its emotion. Class folders hold what they hold."),
    .integer(
      "neutral-frames", 1, minimum: 0, maximum: 100,
      "The first frames of each recording with an emotion that are neutral. Class folders hold what they hold."),
  ]

  static func open(_ options: Options, host: Host?) throws -> any Dataset {
    let path = try DatasetOptions.require(
      options.path, dataset: "ckplus",
      holding: "the folder with cohn-kanade-images/ and Emotion/, or with class folders")
    guard try entryKind(at: path) == .folder else {
      throw PluginError.invalid("\(path) is not a folder", hint: "give --data the folder that holds CK+")
    }
    let root = Folder(path)
    var contents =
      if let recordings = try CKPlusRecordings(in: root) {
        try recordings.read(options, host: host)
      } else {
        try readFolders(root, options)
      }
    try contents.requireAny(in: path)
    contents.notes += notes(on: contents.splits)
    let isOfKnownPeople = contents.splits.values.allSatisfy { $0.allSatisfy { $0.group != nil } }
    return LabelledDataset(
      task: "emotion", vocabulary: options.classes.vocabulary, splits: contents.splits, notes: contents.notes,
      groups: isOfKnownPeople ? .subjects : .recordings)
  }

  private static func readFolders(_ root: Folder, _ options: Options) throws -> LabelledImages {
    try CKPlusRecordings.explainParts(in: root)
    let usual = Options()
    for (name, value, fallback) in [
      ("peak-frames", options.peakFrames, usual.peakFrames),
      ("neutral-frames", options.neutralFrames, usual.neutralFrames),
    ] {
      try DatasetOptions.refuseUnused(
        name, value, unless: fallback, because: "the class folders in \(root.path) hold the frames that they hold")
    }
    return try CKPlusFolders.read(root, vocabulary: options.classes.vocabulary)
  }

  /// What a reader should know of the people.
  private static func notes(on splits: [Split: [LabelledSample<ImageFile>]]) -> [String] {
    let people = splits.mapValues { Set($0.compactMap(\.group)) }
    let all = people.values.reduce(into: Set<Int>()) { $0.formUnion($1) }
    let images = splits.values.reduce(0) { $0 + $1.count }
    let unknown = splits.values.reduce(0) { $0 + $1.count { $0.group == nil } }
    var notes = ["\(Notes.counted(images - unknown, "image")) of \(Notes.grouped(all.count)) people, by their names"]
    if unknown > 0 {
      notes.append(
        "the names of \(Notes.counted(unknown, "image")) tell no person (S010_004_00000017.png would): a person may be in "
          + "training and in validation")
    }
    let places = Split.allCases.filter { people[$0]?.isEmpty == false }
    for (position, one) in places.enumerated() {
      for other in places[(position + 1)...] {
        let shared = people[one, default: []].intersection(people[other, default: []]).count
        guard shared > 0 else { continue }
        notes.append(
          "\(Notes.grouped(shared)) people are in \(Notes.word(one)) and in \(Notes.word(other)): numbers on people that the "
            + "model has seen are too good")
      }
    }
    return notes
  }
}

/// `S010_004_00000017`: subject, recording and frame.
struct CKPlusName {
  let subject, recording, frame: Int

  init?(_ file: some StringProtocol) {
    let name = file.prefix { $0 != "." }
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    guard words.count >= 3, let subject = Self.subject(words[0]), let recording = Self.number(words[1], digits: 3),
      let frame = Self.number(words[2], digits: 8)
    else { return nil }
    (self.subject, self.recording, self.frame) = (subject, recording, frame)
  }

  /// The number of `S010`.
  static func subject(_ name: some StringProtocol) -> Int? {
    guard name.utf8.first == UInt8(ascii: "S") || name.utf8.first == UInt8(ascii: "s") else { return nil }
    return number(name.dropFirst(), digits: 3)
  }

  static func number(_ text: some StringProtocol, digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int(text)
  }
}

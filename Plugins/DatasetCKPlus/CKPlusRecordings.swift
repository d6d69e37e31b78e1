import SentryBase
import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// CK+ as its authors hand it out: `cohn-kanade-images/S010/004/S010_004_00000017.png`, and the emotion of a recording in
/// `Emotion/S010/004/S010_004_00000017_emotion.txt`. Most recordings have no emotion and are left out.
struct CKPlusRecordings {
  let root: Folder
  /// Relative to the root, each with the folders of people in it.
  let images, emotions: String

  /// nil where the folder does not hold both.
  init?(in root: Folder) throws {
    guard let images = try Self.people(in: root, Self.isImages),
      let emotions = try Self.people(in: root, Self.isEmotions)
    else { return nil }
    (self.root, self.images, self.emotions) = (root, images, emotions)
  }

  private static func isImages(_ name: String) -> Bool { name.contains("cohn-kanade") || name.contains("images") }
  private static func isEmotions(_ name: String) -> Bool { name.hasPrefix("emotion") }

  /// Refuses a folder that is, or holds, one of the two parts without the other, which would be taken for class folders.
  static func explainParts(in root: Folder) throws {
    if try hasPeople(root) {
      throw PluginError.invalid(
        "\(root.path) holds the folders of people (S005, S010, …): it is one of the two parts of CK+",
        hint: "give --data the folder above, with cohn-kanade-images/ and Emotion/ in it")
    }
    let (images, emotions) = (try people(in: root, isImages), try people(in: root, isEmotions))
    if let images, emotions == nil {
      throw PluginError.invalid(
        "\(root.path) has the images of CK+ (\(images)/), and no folder Emotion/ that tells what they show",
        hint: "unpack CK+'s Emotion_labels.zip there, so that Emotion/S005/001/S005_001_00000011_emotion.txt is in it")
    }
    if let emotions, images == nil {
      throw PluginError.invalid(
        "\(root.path) has the emotions of CK+ (\(emotions)/), and no folder cohn-kanade-images/ with the images",
        hint: "unpack CK+'s extended-cohn-kanade-images.zip there")
    }
  }

  /// The folder with folders S005, S010 … that bears such a name or lies in one that does.
  private static func people(in root: Folder, _ isNamed: (String) -> Bool) throws -> String? {
    for entry in try root.entries() where entry.kind == .folder && isNamed(entry.name.lowercased()) {
      if try hasPeople(root.appending(entry.name)) { return entry.name }
      for inner in try root.appending(entry.name).entries() where inner.kind == .folder {
        let path = "\(entry.name)/\(inner.name)"
        if try hasPeople(root.appending(path)) { return path }
      }
    }
    return nil
  }

  private static func hasPeople(_ folder: Folder) throws -> Bool {
    try folder.entries().contains { $0.kind == .folder && CKPlusName.subject($0.name) != nil }
  }

  func read(_ options: CKPlus.Options, host: Host?) throws -> LabelledImages {
    let vocabulary = options.classes.vocabulary
    var contents = LabelledImages()
    var (samples, dropped, problems) = ([LabelledSample<ImageFile>](), [String: Int](), [String]())
    var (recordings, labelled) = (0, 0)
    for person in try root.appending(images).entries() where person.kind == .folder {
      guard let subject = CKPlusName.subject(person.name) else { continue }
      try host?.checkCancellation()
      for recording in try root.appending("\(images)/\(person.name)").entries() where recording.kind == .folder {
        recordings += 1
        let place = "\(person.name)/\(recording.name)"
        guard let emotion = try emotion(of: place, vocabulary) else { continue }
        labelled += 1
        let frames = try frames(of: place)
        guard !frames.isEmpty else {
          problems.append("\(root.join("\(images)/\(place)")): the recording has an emotion and no frame")
          continue
        }
        let peak = min(options.peakFrames, max(1, frames.count - options.neutralFrames))
        let neutral = min(options.neutralFrames, frames.count - peak)
        let chosen =
          frames.prefix(neutral).map { ($0, vocabulary.meaning(of: "neutral") ?? emotion) }
          + frames.suffix(peak).map { ($0, emotion) }
        for (path, meaning) in chosen {
          switch meaning {
          case .dropped(let name): dropped[name, default: 0] += 1
          case .kept(let label):
            samples.append(LabelledSample(ImageFile(root: root, path: path), label: label, group: subject))
          }
        }
      }
    }
    try ArrayFolder.refuse(problems, in: root.path, hint: "fetch the images again")
    contents.splits[.train] = samples
    contents.dropped[.train] = dropped
    contents.notes += Notes.dropped(dropped, kept: samples.count, in: .train)
    contents.notes.append(
      "\(Notes.grouped(labelled)) of \(Notes.counted(recordings, "recording")) have an emotion: the last "
        + "\(Notes.counted(options.peakFrames, "frame")) of each show it, the first \(options.neutralFrames) "
        + "\(options.neutralFrames == 1 ? "is" : "are") neutral; the others are left out")
    contents.notes.append(EmotionNumbering.ckplus.note("emotions"))
    return contents
  }

  /// The frames of a recording in the order of their numbers, as paths.
  private func frames(of place: String) throws -> [String] {
    let folder = "\(images)/\(place)"
    return try root.appending(folder).entries()
      .compactMap { entry -> (frame: Int, path: String)? in
        guard entry.kind == .file || entry.kind == .missing, entry.name.hasImageExtension,
          let name = CKPlusName(entry.name)
        else { return nil }
        return (name.frame, "\(folder)/\(entry.name)")
      }
      .sorted { ($0.frame, $0.path) < ($1.frame, $1.path) }.map(\.path)
  }

  /// nil for a recording without one.
  private func emotion(of place: String, _ vocabulary: ClassVocabulary) throws -> ClassVocabulary.Meaning? {
    let folder = root.appending("\(emotions)/\(place)")
    guard let entries = try? folder.entries() else { return nil }
    let files = entries.filter { $0.kind == .file && $0.name.lowercased().hasSuffix("_emotion.txt") }
    guard let file = files.first else { return nil }
    guard files.count == 1 else {
      throw PluginError.badData(
        "\(folder.path): the recording has several emotions: \(files.map(\.name).joined(separator: ", "))",
        hint: "remove all but one")
    }
    let path = folder.join(file.name)
    let text = try mappingFormatErrors { try TextFile.read(path, limit: 4096) }
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let value = Double(text), let number = Int(exactly: value),
      let meaning = EmotionNumbering.ckplus.classes.meaning(of: number, in: vocabulary)
    else {
      throw PluginError.badData(
        "\(path): '\(text.prefix(40))' is not the number of an emotion",
        hint: "the numbers are \(EmotionNumbering.ckplus.classes.legend)")
    }
    return meaning
  }
}

import SentryBase
import SentryLandmarks
import SentryPluginAPI
import SentryPosture

/// Folders of OpenPose's JSON files, one file a frame, one folder a recording: x y confidence of 25 or 18 joints of the person
/// that is followed. A frame without that person, or one that has no file, ends a sequence.
struct OpenPose: Preparer {
  let options: PreparerOptions
  let host: Host

  let entry = CatalogEntry(
    key: "openpose", title: "OpenPose folders",
    summary: "Recordings of your own, run through OpenPose: one JSON file a frame.", licence: "your own",
    access: .recorded,
    steps: [
      "Run OpenPose on each recording: openpose.bin --video clip.mp4 --write_json {folder}/clip --display 0 --render_pose 0",
      "Write {folder}/labels.csv: sequence,subject,posture,stress,trajectory, with one row for each folder of JSON files",
    ],
    bestFor: "recordings of your own", dataset: "posture", prepares: true)

  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    var preparation = try Preparation(
      entry.key, options, host, output: output, skeleton: nil, thresholds: .relative)
    preparation.note(
      "x y confidence of each joint, in pixels as OpenPose gives them; one person is followed through a recording")
    let recordings = try RawFile.folders(below: raw, suffix: ".json")
    guard !recordings.isEmpty else {
      throw PluginError.invalid(
        "\(raw) holds no .json file", hint: "give the folder that OpenPose wrote (--write_json)")
    }
    let beside = "\(raw)/labels.csv"
    let table = try (options.labels ?? (FileSystem.exists(beside) ? beside : nil)).map(LabelTable.init)
    var used: Set<String> = []
    for (folder, files) in recordings {
      let word = RawFile.word(folder, below: raw)
      var labels = PostureLabels()
      if let table {
        labels = try table.labels(of: word)
        used.insert(word)
      }
      var parts = 0
      let cuts = try Self.forEachSequence(folder, files, keypoints: options.layout, host) { part, frames in
        parts = part
        try preparation.add(
          PreparedSequence(
            name: "\(word)_\(RawFile.number(part, 3))", frames: frames, labels: labels, group: labels.subject ?? word,
            recording: word),
          place: folder, skeleton: .openPose(width: frames.width))
      }
      preparation.cut(cuts.note(word, sequences: parts))
    }
    try table?.unused(used)
    return try preparation.finish()
  }

  /// What the keypoints of a folder are; nil if nobody is in it.
  static func layout(
    _ folder: String, _ files: [String], named layout: KeypointLayout?, wayOut: String
  ) throws -> KeypointLayout? {
    let paths = files.map { "\(folder)/\($0)" }
    return try mappingFormatErrors {
      guard try paths.contains(where: { try !OpenPoseFile($0).people.isEmpty }) else { return nil }
      return try OpenPoseLayout.of(paths, layout: layout, wayOut: wayOut)
    }
  }

  /// The stretches in which the person that is followed is there.
  static func forEachSequence(
    _ folder: String, _ files: [String], keypoints layout: KeypointLayout?, _ host: Host,
    _ body: (_ part: Int, Frames) throws -> Void
  ) throws -> RecordingCuts {
    let layout = try Self.layout(
      folder, files, named: layout, wayOut: "--set keypoints=body-25b reads it")
    let numbers = FrameNumbers(files)
    var cuts = RecordingCuts()
    var tracker = PersonTracker()
    var (part, current, width): (Int, Frames?, Int?) = (0, nil, nil)
    for (index, file) in files.enumerated() {
      var people = try mappingFormatErrors { try OpenPoseFile("\(folder)/\(file)").people }
      if layout == .body25B { people = people.map(OpenPoseLayout.body25) }
      for person in people where person.count != width ?? person.count {
        throw PluginError.badData(
          "\(folder)/\(file): has \(person.count / 3) joints, the files before it \((width ?? 0) / 3)")
      }
      width = width ?? people.first?.count
      let missing = numbers.missing(before: index)
      if missing > 0 {
        if let frames = current {
          part += 1
          try body(part, frames)
          current = nil
        }
        let (before, after) = (numbers.numbers[index - 1], numbers.numbers[index])
        if part > 0 { cuts.absent(first: before + 1, last: after - 1, frames: missing, isMissing: true) }
      }
      if let person = tracker.follow(people) {
        if current == nil {
          current = Frames(width: person.count)
          cuts.resumed()
        }
        current?.append(person)
      } else {
        if let frames = current {
          part += 1
          try body(part, frames)
          current = nil
        }
        let number = numbers.numbers[index]
        if part > 0 { cuts.absent(first: number, last: number, frames: 1, isMissing: false) }
      }
      if index % 256 == 255 {
        try host.checkCancellation()
        host.progress("reading \(Paths.last(folder))", index + 1, of: files.count)
      }
    }
    if let frames = current { try body(part + 1, frames) }
    return cuts
  }
}

import SentryPluginAPI
import SentryPosture

/// CMU Panoptic (Joo et al., "Panoptic Studio", 2015): `body3DScene_*.json`, one a frame, 19 joints of each body.
///
/// It has no labels: they come from a table (option `labels`), or are derived. A body that is away for a frame, or whose frame
/// has no file, begins a new sequence when it is back.
struct CMUPanoptic: Preparer {
  let options: PreparerOptions
  let host: Host

  static let joints = 19

  let entry = CatalogEntry(
    key: "cmu_panoptic", title: "CMU Panoptic, 3D poses",
    summary: "hdPose3d: 19 joints ×3 of people in conversation and games.", size: "varies with the recordings",
    licence: "non-commercial research", access: .toolbox,
    steps: [
      "git clone https://github.com/CMU-Perceptual-Computing-Lab/panoptic-toolbox && cd panoptic-toolbox",
      "./scripts/getData.sh 171204_pose1_sample 0 0   # a recording without videos; the names are at http://domedb.perception.cs.cmu.edu",
      "tar -xf 171204_pose1_sample/hdPose3d_stage1_coco19.tar -C 171204_pose1_sample",
      "Put the folder of each recording below {folder}",
    ],
    bestFor: "several people at once, whole bodies in metric space", dataset: "posture", prepares: true)

  private struct Scene: Decodable {
    struct Body: Decodable {
      var id: Int
      var joints19: [Float]
    }
    var bodies: [Body]
  }

  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    var preparation = try Preparation(
      entry.key, options, host, output: output, skeleton: .panoptic, thresholds: .relative)
    preparation.note("19 joints ×3 in centimetres, confidences left out")
    let recordings = try RawFile.folders(below: raw, suffix: ".json").map { found in
      (found.folder, found.files.filter { $0.hasPrefix("body3DScene_") })
    }.filter { !$0.1.isEmpty }
    guard !recordings.isEmpty else {
      throw PluginError.invalid("\(raw) holds no body3DScene_*.json", hint: "unpack hdPose3d_stage1_coco19.tar")
    }
    let table = try options.labels.map(LabelTable.init)
    var used: Set<String> = []
    for (folder, files) in recordings {
      try read(folder, files, word: RawFile.word(folder, below: raw), table, &used, &preparation)
    }
    try table?.unused(used)
    return try preparation.finish()
  }

  private func read(
    _ folder: String, _ files: [String], word: String, _ table: LabelTable?, _ used: inout Set<String>,
    _ preparation: inout Preparation
  ) throws {
    var open: [Int: (part: Int, last: Int, lastNumber: Int, frames: Frames)] = [:]
    var parts: [Int: Int] = [:]
    func close(_ id: Int, _ preparation: inout Preparation) throws {
      guard let run = open.removeValue(forKey: id) else { return }
      let person = "\(word)_body\(id)"
      var labels = PostureLabels()
      if let table {
        labels = try table.labels(of: person)
        used.insert(person)
      }
      try preparation.add(
        PreparedSequence(
          name: "\(person)_\(RawFile.number(run.part, 3))", frames: run.frames, labels: labels,
          group: labels.subject ?? word, recording: word), place: "\(folder): body \(id)")
    }
    let numbers = FrameNumbers(files)
    var cuts: [Int: RecordingCuts] = [:]
    for (index, file) in files.enumerated() {
      let position = numbers.positions[index]
      let path = "\(folder)/\(file)"
      let scene = try JSON.decode(Scene.self, from: try FileSystem.text(path), what: path, isData: true)
      for body in scene.bodies {
        guard body.joints19.count == Self.joints * 4 else {
          throw PluginError.badData(
            "\(path): body \(body.id) has \(body.joints19.count) numbers, \(Self.joints * 4) are expected",
            hint: "the supported layout is hdPose3d_stage1_coco19")
        }
        if let run = open[body.id], run.last < position - 1 {
          try close(body.id, &preparation)
          let isMissing = numbers.missing(before: index) == position - run.last - 1
          cuts[body.id, default: RecordingCuts()].absent(
            first: run.lastNumber + 1, last: numbers.numbers[index] - 1, frames: position - run.last - 1,
            isMissing: isMissing)
          cuts[body.id]?.resumed()
        }
        var run =
          open[body.id]
          ?? (
            part: parts[body.id, default: 0] + 1, last: position, lastNumber: numbers.numbers[index],
            frames: Frames(width: Self.joints * 3)
          )
        guard run.last != position || run.frames.count == 0 else {
          throw PluginError.badData("\(path): body \(body.id) occurs twice")
        }
        for joint in 0..<Self.joints { run.frames.append(body.joints19[(joint * 4)..<(joint * 4 + 3)]) }
        (run.last, run.lastNumber) = (position, numbers.numbers[index])
        (parts[body.id], open[body.id]) = (run.part, run)
      }
      if index % 256 == 255 {
        try host.checkCancellation()
        host.progress("reading \(word)", index + 1, of: files.count)
      }
    }
    for id in open.keys.sorted() { try close(id, &preparation) }
    for id in parts.keys.sorted() {
      preparation.cut(cuts[id]?.note("\(word)_body\(id)", sequences: parts[id, default: 0]))
    }
  }
}

extension JSON {
  /// As ``decode(_:from:what:)``, for files of data.
  static func decode<Value: Decodable>(_ type: Value.Type, from text: String, what: String, isData: Bool) throws
    -> Value
  {
    do {
      return try decode(type, from: text, what: what)
    } catch let error as PluginError {
      throw PluginError.badData(error.message, hint: "the file is damaged or has another layout")
    }
  }
}

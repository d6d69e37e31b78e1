import SentryBase
import SentryPluginAPI
import SentryPosture
import Synchronization

/// NTU RGB+D 60: Kinect's 25 joints while 40 people perform 60 actions.
///
/// Labels follow from the action in the file's name: 11–20 slouched, 1–10 and 27–30 upright, the rest open; 21–26 and 31–34
/// restless. Of the others stress is unknown, unless it is to be derived.
struct NTUSkeleton: Preparer {
  let options: PreparerOptions
  let host: Host

  let entry = CatalogEntry(
    key: "ntu_skeleton", title: "NTU RGB+D 60, skeletons",
    summary: "56,880 recordings of 60 actions by 40 people, 25 joints ×3.", size: "5.8 GB",
    licence: "academic research only, after registration (rose1.ntu.edu.sg)", access: .googleDrive,
    steps: [
      "Read and accept the terms at https://rose1.ntu.edu.sg/dataset/actionRecognition/",
      "Download https://drive.google.com/file/d/1CUZnBtYwifVXS21yVg62T-vrPVayso5H/view with a browser (Google asks to confirm "
        + "files of this size), or: pip install gdown && gdown 1CUZnBtYwifVXS21yVg62T-vrPVayso5H -O {folder}/",
      "The zip file need not be unpacked: sentry data prepare reads it",
    ],
    bestFor: "pre-training on movement: many people, whole bodies", dataset: "posture", prepares: true)

  static func posture(ofAction action: Int) -> Int {
    switch action {
    case 11...20: 1
    case 1...10, 27...30: 0
    default: 2
    }
  }

  static func stress(ofAction action: Int) -> Int? {
    switch action {
    case 21...26, 31...34: 2
    default: nil
    }
  }

  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    var preparation = try Preparation(
      entry.key, options, host, output: output, skeleton: .kinect, thresholds: .metric)
    preparation.note(
      "labels from the action: 11–20 slouched, 1–10 and 27–30 upright, the rest open; 21–26 and 31–34 restless; the first body of each frame"
    )
    let files =
      FileSystem.isFolder(raw)
      ? try RawFile.folders(below: raw, suffix: ".skeleton").flatMap { found in
        found.files.map { "\(found.folder)/\($0)" }
      } : [raw]
    guard !files.isEmpty else { throw PluginError.invalid("\(raw) holds no .skeleton file") }
    var (empty, gapped) = (0, 0)
    for first in stride(from: 0, to: files.count, by: 256) {
      let part = Array(files[first..<min(first + 256, files.count)])
      for (file, (frames, gaps)) in zip(part, try read(part)) {
        if gaps > 0 { gapped += 1 }
        guard let name = NTUSkeletonFile.Name(file) else {
          throw PluginError.badData(
            "\(file): the file name has an unknown form", hint: "NTU's names are like S001C002P003R002A013.skeleton")
        }
        guard frames.count > 0 else {
          empty += 1
          continue
        }
        let word = Paths.last(file).prefix { $0 != "." }
        let subject = "P\(RawFile.number(name.performer, 3))"
        try preparation.add(
          PreparedSequence(
            name: String(word), frames: frames,
            labels: PostureLabels(
              posture: Self.posture(ofAction: name.action), stress: Self.stress(ofAction: name.action), subject: subject
            ),
            group: subject, recording: String(word)), place: file)
      }
      host.progress("preparing \(entry.key)", min(first + 256, files.count), of: files.count)
    }
    if empty > 0 { preparation.note("\(empty) files hold no body in any frame and are left out") }
    if gapped > 0 {
      preparation.note("\(gapped) files have frames without a body between others; those frames are passed over")
    }
    return try preparation.finish()
  }

  /// Parses the files on the host's pool; the first error in order counts.
  private func read(_ files: [String]) throws -> [(frames: Frames, gaps: Int)] {
    let results = Mutex([Result<(frames: Frames, gaps: Int), any Error>?](repeating: nil, count: files.count))
    host.run(files.count) { index, _ in
      let result = Result { try NTUSkeletonFile.read(files[index]) }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }
}

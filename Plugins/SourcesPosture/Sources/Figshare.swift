import SentryFormats
import SentryPluginAPI
import SentryPosture

/// Figshare file 26582851: OpenPose's 18 keypoints of sitting and standing people. Sit → slouched, stand → upright; it has no
/// other labels, and rows follow each other in the order of the file.
struct Figshare: Preparer {
  let options: PreparerOptions
  let host: Host

  let entry = CatalogEntry(
    key: "figshare", title: "Figshare 26582851: sitting and standing",
    summary: "OpenPose's 18 keypoints, labelled sit or stand.", size: "about 10 MB", access: .direct,
    files: [.init(url: "https://ndownloader.figshare.com/files/26582851", name: "figshare_26582851.csv")],
    bestFor: "sitting against standing; little more", dataset: "posture", prepares: true)

  private static let labelNames = ["label", "class", "posture", "pose", "target", "activity", "category"]
  private static let groupNames = ["subject", "person", "participant", "video", "recording", "session"]
  private static let ignored: Set<String> = [
    "", "id", "index", "frame", "frame_id", "image", "image_id", "file", "filename", "name", "timestamp", "time",
  ]

  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    let file = try RawFile.only(raw, suffix: ".csv")
    var preparation = try Preparation(entry.key, options, host, output: output, skeleton: nil, thresholds: .figshare)
    preparation.note("labels: sit slouched, stand upright; rows of one label that follow each other make a sequence")
    var table: FeatureTable?
    var (hasGroup, subjectKnown) = (false, false)
    var current: (group: String, posture: Int, line: Int, frames: Frames)?
    var runs = 0
    func close(_ preparation: inout Preparation) throws {
      guard let run = current, let table else { return }
      runs += 1
      let name = (hasGroup ? "\(run.group)_" : "") + RawFile.number(runs, 5)
      try preparation.add(
        PreparedSequence(
          name: name, frames: run.frames,
          labels: PostureLabels(posture: run.posture, subject: subjectKnown ? run.group : nil),
          group: hasGroup ? run.group : name, recording: hasGroup ? run.group : name),
        place: "\(file): line \(run.line)",
        skeleton: table.width == 54 ? .openPose18 : .openPose18Plane)
      current = nil
    }
    try mappingFormatErrors {
      try CSVFile(file).forEachRow { row in
        guard let columns = table else {
          let header = try CSVHeader(row)
          guard let label = Self.labelNames.first(where: { header.index(of: $0) != nil }) else {
            throw row.failure(
              "the header has no column \(Self.labelNames.joined(separator: ", ")); there \(header.listing)",
              hint: header.separatorHint ?? "check that it is the right file")
          }
          let group = Self.groupNames.first { header.index(of: $0) != nil }
          hasGroup = group != nil
          subjectKnown = group.map { ["subject", "person", "participant"].contains($0) } ?? false
          table = try FeatureTable(
            header: row, texts: [label] + (group.map { [$0] } ?? []), ignored: Self.ignored, joints: .openPose18,
            counts: [36, 54])
          return true
        }
        let texts = try columns.texts(row)
        let word = texts[0].lowercased()
        guard word.hasPrefix("sit") != word.hasPrefix("stand") else {
          throw row.failure("the label '\(texts[0])' is neither sit nor stand")
        }
        let (posture, group) = (word.hasPrefix("sit") ? 1 : 0, hasGroup ? texts[1] : "")
        guard !hasGroup || !group.isEmpty else { throw row.failure("the subject is missing") }
        if let run = current, (run.group, run.posture) != (group, posture) { try close(&preparation) }
        if current == nil { current = (group, posture, row.location.line, Frames(width: columns.width)) }
        current?.frames.append(try columns.features(row))
        return true
      }
    }
    try close(&preparation)
    return try preparation.finish()
  }
}

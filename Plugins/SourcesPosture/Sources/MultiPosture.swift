import SentryFormats
import SentryLandmarks
import SentryPluginAPI
import SentryPosture

/// MultiPosture (Zenodo 14230872): MediaPipe's 33 landmarks of sitting people, labelled frame by frame.
///
/// Each subject's frames, in the order of the file, are cut into runs of one label: upper body TUP → upright, TLB and TLF →
/// slouched, TLR and TLL → open; lower body LAP and LWA → calm, LCS, LLR and LLL → fidgeting, LCR and LCL → restless.
struct MultiPosture: Preparer {
  let options: PreparerOptions
  let host: Host

  static let landmarks = KeypointLayout.mediaPipe.keypoints
  static let features = landmarks.flatMap { name in ["x", "y", "z"].map { "\(name)_\($0)" } }

  static let posture = ["TUP": 0, "TLB": 1, "TLF": 1, "TLR": 2, "TLL": 2]
  static let stress = ["LAP": 0, "LWA": 0, "LCS": 1, "LLR": 1, "LLL": 1, "LCR": 2, "LCL": 2]

  let entry = CatalogEntry(
    key: "multiposture", title: "MultiPosture",
    summary: "33 landmarks ×3 of 13 sitting people, with upper- and lower-body labels of every frame.",
    size: "9.3 MB", licence: "CC BY 4.0", access: .direct,
    files: [
      .init(
        url: "https://zenodo.org/records/14230872/files/data.csv?download=1", name: "data.csv", bytes: 9_327_935,
        md5: "7efbc94d653acf32eefecec3ff26d6c6")
    ],
    bestFor: "posture and stress of sitting people, split by subject", dataset: "posture", prepares: true)

  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    let file = try RawFile.only(raw, suffix: ".csv", preferring: "data.csv")
    var preparation = try Preparation(
      entry.key, options, host, output: output, skeleton: .mediaPipe, thresholds: .metric)
    preparation.note(
      "labels: TUP upright; TLB, TLF slouched; TLR, TLL open; LAP, LWA calm; LCS, LLR, LLL fidgeting; LCR, LCL restless"
    )
    preparation.note("each subject's frames are cut into runs of one label, one sequence each")
    var runs: [String: Int] = [:]
    var current: (subject: String, posture: Int, stress: Int, line: Int, frames: Frames)?
    func close(_ preparation: inout Preparation) throws {
      guard let run = current else { return }
      runs[run.subject, default: 0] += 1
      try preparation.add(
        PreparedSequence(
          name: "\(run.subject)_\(RawFile.number(runs[run.subject, default: 0], 4))", frames: run.frames,
          labels: PostureLabels(posture: run.posture, stress: run.stress, subject: run.subject), group: run.subject,
          recording: run.subject),
        place: "\(file): line \(run.line)")
      current = nil
    }
    try mappingFormatErrors {
      var table: FeatureTable?
      try CSVFile(file).forEachRow { row in
        guard let columns = table else {
          table = try FeatureTable(
            header: row, texts: ["subject", "upperbody_label", "lowerbody_label"], features: Self.features)
          return true
        }
        let texts = try columns.texts(row)
        guard let posture = Self.posture[texts[1].uppercased()] else {
          throw row.failure("'\(texts[1])' is not an upper-body label", hint: "they are TUP, TLB, TLF, TLR, TLL")
        }
        guard let stress = Self.stress[texts[2].uppercased()] else {
          throw row.failure(
            "'\(texts[2])' is not a lower-body label", hint: "they are LAP, LWA, LCS, LLR, LLL, LCR, LCL")
        }
        guard !texts[0].isEmpty else { throw row.failure("the subject is missing") }
        if let run = current, (run.subject, run.posture, run.stress) != (texts[0], posture, stress) {
          try close(&preparation)
        }
        if current == nil {
          current = (texts[0], posture, stress, row.location.line, Frames(width: columns.width))
        }
        current?.frames.append(try columns.features(row))
        return true
      }
    }
    try close(&preparation)
    return try preparation.finish()
  }
}

import SentryBase
import SentryFormats
import SentryPluginAPI
import SentryPosture

/// BoLD, the Body Language Dataset (Luo et al., "ARBEE: towards automated recognition of bodily expression of emotion in the
/// wild", 2020): `annotations/{train,val}.csv` and `joints/<video>/<clip>.npy`, rows of frame, person and 18 joints × x, y,
/// confidence.
///
/// It knows no stress as such. The rule, on people's ratings from 0 to 1: restless where Fear, Anger or Disquietment is rated
/// 0.5 or more; else fidgeting where Annoyance or Doubt/Confusion is, or where arousal is at least 0.6 and valence below 0.5;
/// else calm where Peace is rated 0.5 or more, or arousal at most 0.4; else unknown. Posture and trajectory are unknown.
struct BoLD: Preparer {
  let options: PreparerOptions
  let host: Host

  let entry = CatalogEntry(
    key: "bold", title: "BoLD, the Body Language Dataset",
    summary: "26 emotions, valence, arousal and dominance of people in films, with their joints.", size: "-",
    licence: "academic research, after an agreement", access: .manual,
    steps: [
      "Ask for access at https://cydar.ist.psu.edu/emotionchallenge/",
      "Unpack BOLD_public.zip, so that {folder} holds annotations/ and joints/ (videos are not needed)",
    ],
    bestFor: "bodily expression of emotion in films", dataset: "posture", prepares: true)

  static let emotions = [
    "peace", "affection", "esteem", "anticipation", "engagement", "confidence", "happiness", "pleasure", "excitement",
    "surprise", "sympathy", "doubt/confusion", "disconnect", "fatigue", "embarrassment", "yearning", "disapproval",
    "aversion", "annoyance", "anger", "sensitivity", "sadness", "disquietment", "fear", "pain", "suffering",
  ]
  static let rule =
    "stress from ratings: restless where Fear, Anger or Disquietment ≥ 0.5; fidgeting where Annoyance or Doubt/Confusion ≥ 0.5, "
    + "or arousal ≥ 0.6 and valence < 0.5; calm where Peace ≥ 0.5 or arousal ≤ 0.4; else unknown"

  /// The ratings of one clip.
  struct Ratings {
    var emotions: [Float]
    var valence, arousal: Float

    var stress: Int? {
      func rated(_ names: String...) -> Bool {
        names.contains { name in BoLD.emotions.firstIndex(of: name).map { emotions[$0] >= 0.5 } ?? false }
      }
      if rated("fear", "anger", "disquietment") { return 2 }
      if rated("annoyance", "doubt/confusion") || (arousal >= 0.6 && valence < 0.5) { return 1 }
      return rated("peace") || arousal <= 0.4 ? 0 : nil
    }
  }

  func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    var preparation = try Preparation(
      entry.key, options, host, output: output, skeleton: .openPose18, thresholds: .relative)
    preparation.note(Self.rule)
    preparation.note("18 joints × x, y, confidence in pixels; clips of one film stay on one side of the split")
    let tables = ["train.csv", "val.csv"].map { "\(raw)/annotations/\($0)" }.filter(FileSystem.exists)
    guard !tables.isEmpty else {
      throw PluginError.invalid("\(raw) holds no annotations/train.csv", hint: "give the folder BOLD_public")
    }
    var missing = 0
    for table in tables {
      try mappingFormatErrors {
        var rows = 0
        var ratings = Array(4..<(4 + Self.emotions.count + 2))
        try CSVFile(table).forEachRow { row in
          // Published without a header; some copies have one, which says where the ratings are.
          if rows == 0, try row.count > 2 && Int(row.string(2).trimmingSpaces) == nil {
            rows += 1
            ratings = try (Self.emotions + ["valence", "arousal"]).map(CSVHeader(row).require)
            return true
          }
          rows += 1
          if try !add(row, ratings, below: raw, &preparation) { missing += 1 }
          if rows % 256 == 0 { host.progress("preparing \(Paths.last(table)), rows", rows, of: 0) }
          return true
        }
      }
    }
    if missing > 0 { preparation.note("\(missing) clips in which the person has no joints are left out") }
    return try preparation.finish()
  }

  /// - Returns: whether the person has joints.
  /// - Parameter ratings: the columns of the emotions, of valence and of arousal.
  private func add(_ row: CSVRow, _ ratings: [Int], below raw: String, _ preparation: inout Preparation) throws -> Bool
  {
    let fields = try row.strings().map(\.trimmingSpaces)
    let needed = (ratings.max() ?? 3) + 1
    guard fields.count >= needed else {
      throw row.failure("has \(fields.count) fields, at least \(needed) are needed")
    }
    guard let person = Int(fields[1]), let first = Int(fields[2]), let last = Int(fields[3]), first <= last else {
      throw row.failure("person and frames must be integers, and the first frame must precede the last")
    }
    let values = try ratings.map { column -> Float in
      let text = fields[column]
      guard let value = Float(text), value.isFinite else {
        throw row.failure("'\(text.prefix(40))' is not a finite number")
      }
      return value
    }
    let count = Self.emotions.count
    let ratingsOfClip = Ratings(
      emotions: Array(values.prefix(count)), valence: values[count], arousal: values[count + 1])
    let parts = fields[0].split(separator: "/").map(String.init)
    guard parts.count >= 2, !parts.contains(".."), !fields[0].hasPrefix("/") else {
      throw row.failure("'\(fields[0].prefix(80))' is not the path of a clip")
    }
    let stem = fields[0].hasSuffix(".mp4") ? String(fields[0].dropLast(4)) : fields[0]
    let frames = try joints("\(raw)/joints/\(stem).npy", person: person, first...last, row)
    guard frames.count > 0 else { return false }
    try preparation.add(
      PreparedSequence(
        name: stem.split(separator: "/").joined(separator: "_") + "_p\(person)_f\(first)", frames: frames,
        labels: PostureLabels(stress: ratingsOfClip.stress), group: parts.dropLast().joined(separator: "/"),
        recording: parts.dropLast().joined(separator: "/")),
      place: "\(raw)/joints/\(stem).npy")
    return true
  }

  private func joints(_ path: String, person: Int, _ range: ClosedRange<Int>, _ row: CSVRow) throws -> Frames {
    guard FileSystem.exists(path) else { throw row.failure("names a clip without joints: there is no \(path)") }
    let array = try NPYFile.read(path)
    let width = Skeleton.openPose18.width
    guard array.shape.count == 2, array.shape[1] == width + 2 else {
      throw PluginError.badData("\(path): has the shape \(array.shape), (rows, \(width + 2)) is expected")
    }
    let values = try array.floats()
    var frames = Frames(width: width)
    for start in stride(from: 0, to: values.count, by: width + 2) {
      guard values[start].isFinite, values[start + 1].isFinite, abs(values[start]) < 1e9, abs(values[start + 1]) < 1e9
      else { throw PluginError.badData("\(path): row \(start / (width + 2)) has no frame or person number") }
      guard range.contains(Int(values[start])), Int(values[start + 1]) == person else { continue }
      frames.append(values[(start + 2)..<(start + 2 + width)])
    }
    return frames
  }
}

import SentryLandmarks
import SentryPluginAPI
import SentryPosture

/// The options that every preparer of sequences has.
struct PreparerOptions: Decodable, Sendable {
  var seed: UInt64
  var valFraction: Double
  var minFrames: Int
  var derive: String
  var labels: String?
  var split = Whole.subject
  /// The name of a ``KeypointLayout``, or ``told``.
  var keypoints: String?

  /// What the split into training and validation keeps whole.
  enum Whole: String, Decodable, CaseIterable { case subject, recording }

  enum CodingKeys: String, CodingKey {
    case seed, derive, labels, split, keypoints
    case valFraction = "val-fraction"
    case minFrames = "min-frames"
  }

  static let declarations: [OptionDeclaration] = [
    .seed,
    .number(
      "val-fraction", 0.2, minimum: 0, maximum: 0.9,
      "The share of the sequences that is kept for validation, by subject."),
    .choice(
      "split", Whole.subject.rawValue, of: Whole.allCases.map(\.rawValue),
      "What is kept whole: subject, or recording where they are not known; or always recording, so that one person may be "
        + "in training and in validation."),
    .integer(
      "min-frames", 1, minimum: 1, maximum: 1_000_000, "Shorter sequences are left out, and counted in the notes."),
    Derivation.option,
  ]

  /// For sets without labels of their own.
  static let labelTable = OptionDeclaration.path(
    "labels",
    "A CSV file with labels: sequence,subject,posture,stress,trajectory; a class by name or number, empty where unknown."
  )

  /// For files whose keypoints have numbers and no names.
  static let keypointLayout = OptionDeclaration.choice(
    "keypoints", told, of: [told] + [KeypointLayout.body25, .body25B, .coco18].map(\.name),
    "What OpenPose's numbered keypoints are; \(told): by their number. BODY_25B is written in the order of BODY_25.")
  private static let told = "told-by-number"

  var layout: KeypointLayout? { KeypointLayout.all.first { $0.name == keypoints } }

  var recorded: [String: JSONValue] {
    let own: [String: JSONValue] = keypoints.map { ["keypoints": .string($0)] } ?? [:]
    return own.merging([
      "seed": .integer(Int(clamping: seed)), "val-fraction": .number(valFraction), "min-frames": .integer(minFrames),
      "derive": .string(derive), "split": .string(split.rawValue), "labels": labels.map(JSONValue.string) ?? .null,
    ]) { $1 }
  }
}

/// What all preparers of sequences do in the same way around their own reading.
struct Preparation {
  let set: String
  let options: PreparerOptions
  let host: Host
  let derivation: Derivation
  let skeleton: Skeleton?
  private let writer: PostureWriter
  private(set) var notes: [String] = []
  private var cuts: [String] = []
  private var short = 0

  init(
    _ set: String, _ options: PreparerOptions, _ host: Host, output: String, skeleton: Skeleton?,
    thresholds: JointRule.Thresholds
  ) throws {
    (self.set, self.options, self.host, self.skeleton) = (set, options, host, skeleton)
    derivation = try Derivation(options.derive, thresholds: thresholds)
    writer = try PostureWriter(set, output: output)
  }

  mutating func note(_ text: String) { notes.append(text) }

  /// What cut a recording, where something did.
  mutating func cut(_ text: String?) { if let text { cuts.append(text) } }

  /// Derives what is asked for and writes, unless the sequence is too short.
  mutating func add(_ sequence: PreparedSequence, place: String, skeleton: Skeleton? = nil) throws {
    try host.checkCancellation()
    guard sequence.frames.count >= options.minFrames else {
      short += 1
      return
    }
    var sequence = sequence
    if let skeleton = skeleton ?? self.skeleton { derivation.complete(&sequence.labels, sequence.frames, skeleton) }
    try writer.add(sequence, place: place)
  }

  mutating func finish() throws -> PreparationReport {
    if short > 0 { notes.append("\(short) sequences of fewer than \(options.minFrames) frames are left out") }
    notes +=
      cuts.prefix(8) + (cuts.count > 8 ? ["\(cuts.count - 8) more recordings are cut into several sequences"] : [])
    if let note = derivation.note { notes.append(note) }
    return try writer.finish(
      share: options.valFraction, whole: options.split, seed: options.seed, notes: notes, options: options.recorded)
  }
}

import SentryPluginAPI

struct SyntheticPostureOptions: Codable, Sendable {
  var count = 4000
  var validationCount = 600
  var sequenceLength = 30
  var seed = 1

  enum CodingKeys: String, CodingKey {
    case count, seed
    case validationCount = "validation-count"
    case sequenceLength = "seq-length"
  }

  static let declarations: [OptionDeclaration] = [
    .integer("count", 4000, minimum: 12, maximum: 10_000_000, "How many sequences to train on."),
    .integer("validation-count", 600, minimum: 0, maximum: 10_000_000, "How many other sequences to validate on."),
    .integer("seq-length", 30, minimum: 20, maximum: 1000, "Frames of a sequence."),
    .integer("seed", 1, minimum: 0, "Other seeds simulate other people; the run's seed does not change them."),
  ]
}

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
    .integer("count", 4000, minimum: 12, maximum: 10_000_000, "Number of training sequences."),
    .integer(
      "validation-count", 600, minimum: 0, maximum: 10_000_000,
      "Number of validation sequences, which differ from the training sequences."),
    .integer("seq-length", 30, minimum: 20, maximum: 1000, "Frames per sequence."),
    .integer("seed", 1, minimum: 0, "The seed of the simulated people; the seed of the run does not affect them."),
  ]
}

import SentryPluginAPI

struct SyntheticFacesOptions: Codable, Sendable {
  var count = 6000
  var validationCount = 600
  var size = 64
  var seed = 1

  enum CodingKeys: String, CodingKey {
    case count, size, seed
    case validationCount = "validation-count"
  }

  static let declarations: [OptionDeclaration] = [
    .integer("count", 6000, minimum: 6, maximum: 100_000_000, "Number of training faces."),
    .integer(
      "validation-count", 600, minimum: 0, maximum: 100_000_000,
      "Number of validation faces, which differ from the training faces."),
    .integer("size", 64, minimum: 32, maximum: 1024, "Width and height of a face's picture in pixels."),
    .integer("seed", 1, minimum: 0, "The seed of the faces; the seed of the run does not affect them."),
  ]
}

import SentryPluginAPI
import SentryTables

struct PostureOptions: Codable, Sendable {
  var path: String?
  var sequenceLength = 30
  var deriveLabels = false
  var allowSharedSubjects = false

  enum CodingKeys: String, CodingKey {
    case path
    case sequenceLength = "seq-length"
    case deriveLabels = "derive-labels"
    case allowSharedSubjects = "allow-shared-subjects"
  }

  static let declarations: [OptionDeclaration] = [
    DatasetOptions.path("The folder with train/ and val/, each with sequences/*.npy and labels.json."),
    .integer("seq-length", 30, minimum: 2, maximum: 100_000, "Frames per window."),
    .flag(
      "derive-labels", false,
      "Derive missing labels of stress and trajectory from the movement by the feature rule; the run reports how many. "
        + "Needs 15 live features or 33 landmarks."),
    .flag("allow-shared-subjects", false, "Accept subjects in more than one split; the run reports them."),
  ]
}

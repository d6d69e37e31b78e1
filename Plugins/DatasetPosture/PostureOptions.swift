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
    .integer("seq-length", 30, minimum: 2, maximum: 100_000, "Frames of a window."),
    .flag(
      "derive-labels", false,
      "Give sequences without a label of stress or trajectory one by the feature rule, from their own movement; the run says how many. "
        + "Needs 15 live features or 33 landmarks."),
    .flag("allow-shared-subjects", false, "Accept subjects that are in more than one split; the run says so."),
  ]
}

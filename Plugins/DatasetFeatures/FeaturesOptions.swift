import SentryPluginAPI
import SentryTables

struct FeaturesOptions: Codable, Sendable {
  /// The folder of the vectors.
  var path: String?
  var labels: String?
  var allowSharedSubjects = false

  enum CodingKeys: String, CodingKey {
    case path, labels
    case allowSharedSubjects = "allow-shared-subjects"
  }

  static let declarations: [OptionDeclaration] = [
    DatasetOptions.path("The folder of the vectors, NAME.npy each; or the one above train/ and val/, which hold them."),
    .path(
      "labels",
      "The labels of all vectors, as a list or an object; without it, labels.json in the folder of the vectors or in the one "
        + "above."),
    .flag("allow-shared-subjects", false, "Accept subjects in more than one split; the run reports them."),
  ]
}

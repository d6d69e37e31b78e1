/// What makes up `sentry train NAME`: which components, which defaults, which flags. Pure data.
///
/// Options are addressed as `scope.option`; the scopes are `run` (the host's own: epochs, batch-size, …), `dataset`,
/// `augmenter`, `model` and `trainer`.
public struct Recipe: Codable, Sendable {
  public struct Flag: Codable, Sendable {
    public enum Kind: String, Codable, Sendable { case integer, number, string, path, boolean }
    /// Without the dashes: `image-size`.
    public var name: String
    public var kind: Kind
    public var help: String
    /// The options that it sets.
    public var sets: [String]
    /// What a boolean flag sets when it is given; true unless said otherwise.
    public var value: JSONValue?
    /// The flag that takes its place: this one is still read, with a note, and help does not show it.
    public var replacedBy: String?

    enum CodingKeys: String, CodingKey {
      case name, kind, help, sets, value
      case replacedBy = "replaced_by"
    }

    public init(
      _ name: String, _ kind: Kind, sets: [String], value: JSONValue? = nil, replacedBy: String? = nil, _ help: String
    ) {
      (self.name, self.kind, self.sets, self.value, self.help) = (name, kind, sets, value, help)
      self.replacedBy = replacedBy
    }
  }

  public var name: String
  public var summary: String
  /// The dataset that `--dataset` stands on when it is not given.
  public var dataset: String
  public var augmenter: String?
  public var model: String
  public var trainer: String
  /// Values for options, over the components' own defaults.
  public var defaults: [String: JSONValue]
  /// By the address of an option: values over `defaults` where that option is set, by whatever means. With
  /// `["model.pretrained": ["trainer.lr": 1e-4]]` pretrained weights are trained with a learning rate of their own.
  public var defaultsWhenSet: [String: [String: JSONValue]]?
  public var flags: [Flag]
  /// What the names of an evaluation's files begin with, `name_` for `name_metrics.json`; nil: nothing.
  public var evaluationPrefix: String?
  /// Files of other programs that hold a model of this recipe.
  public var foreign: [ForeignCheckpoint]?

  enum CodingKeys: String, CodingKey {
    case name, summary, dataset, augmenter, model, trainer, defaults, flags, foreign
    case defaultsWhenSet = "defaults_when_set"
    case evaluationPrefix = "evaluation_prefix"
  }

  public init(
    name: String, summary: String, dataset: String, augmenter: String? = nil, model: String, trainer: String,
    defaults: [String: JSONValue] = [:], defaultsWhenSet: [String: [String: JSONValue]]? = nil, flags: [Flag] = [],
    evaluationPrefix: String? = nil, foreign: [ForeignCheckpoint]? = nil
  ) {
    (self.name, self.summary, self.dataset, self.augmenter) = (name, summary, dataset, augmenter)
    (self.model, self.trainer, self.defaults, self.flags) = (model, trainer, defaults, flags)
    (self.defaultsWhenSet, self.evaluationPrefix, self.foreign) = (defaultsWhenSet, evaluationPrefix, foreign)
  }
}

/// The definition of `sentry train NAME`: components, defaults and flags. Pure data.
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
    /// The value that a boolean flag sets; default: true.
    public var value: JSONValue?
    /// The flag that replaces this one, which is still accepted with a note and hidden in help.
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
  /// The default of `--dataset`.
  public var dataset: String
  public var augmenter: String?
  public var model: String
  /// Models in the order of preference for a run that names none: the first that is installed and works on a device other than the
  /// CPU, for example a GPU. Without one, the run takes `model`. nil: `model` alone.
  public var models: [String]?
  public var trainer: String
  /// Values of options, which replace the defaults of the components.
  public var defaults: [String: JSONValue]
  /// Values by the address of an option; they replace `defaults` if that option is set. For example,
  /// `["model.pretrained": ["trainer.lr": 1e-4]]` sets another learning rate for pretrained weights. The address
  /// `trainer.optimizer=adamw` stands for the option with this value. Where several apply, those of `trainer` come first, then `run`,
  /// `model`, `dataset` and `augmenter`, and the last takes effect.
  public var defaultsWhenSet: [String: [String: JSONValue]]?
  public var flags: [Flag]
  /// The name of the flag that sets the size of inputs, where the model's weights do not depend on it: a run can then change it
  /// between epochs (`run.size-schedule`). nil: it stays what it is.
  public var sizeFlag: String?
  /// The prefix of the file names of an evaluation, for example `name_` for `name_metrics.json`; nil: no prefix.
  public var evaluationPrefix: String?
  /// Files of other programs that hold a model of this recipe.
  public var foreign: [ForeignCheckpoint]?
  /// How its models are used on photographs and videos; nil if they are not.
  public var live: Live?

  enum CodingKeys: String, CodingKey {
    case name, summary, dataset, augmenter, model, models, trainer, defaults, flags, foreign, live
    case defaultsWhenSet = "defaults_when_set"
    case sizeFlag = "size_flag"
    case evaluationPrefix = "evaluation_prefix"
  }

  public init(
    name: String, summary: String, dataset: String, augmenter: String? = nil, model: String,
    models: [String]? = nil, trainer: String, defaults: [String: JSONValue] = [:],
    defaultsWhenSet: [String: [String: JSONValue]]? = nil, flags: [Flag] = [], sizeFlag: String? = nil,
    evaluationPrefix: String? = nil, foreign: [ForeignCheckpoint]? = nil, live: Live? = nil
  ) {
    (self.name, self.summary, self.dataset, self.augmenter) = (name, summary, dataset, augmenter)
    (self.model, self.models, self.trainer) = (model, models, trainer)
    (self.defaults, self.flags) = (defaults, flags)
    (self.sizeFlag, self.defaultsWhenSet) = (sizeFlag, defaultsWhenSet)
    (self.evaluationPrefix, self.foreign) = (evaluationPrefix, foreign)
    self.live = live
  }
}

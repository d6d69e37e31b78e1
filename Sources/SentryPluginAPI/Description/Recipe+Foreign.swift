extension Recipe {
  /// Checkpoints of another program that hold a model of this recipe: how to recognise them, and the description that a
  /// checkpoint of Sentry would contain. Pure data.
  public struct ForeignCheckpoint: Codable, Sendable {
    /// A task of the model, present if the file has the tensor.
    public struct Task: Codable, Sendable {
      public var name: String
      public var classes: [String]
      /// Its first extent is the number of classes.
      public var tensor: String

      public init(_ name: String, classes: [String], tensor: String) {
        (self.name, self.classes, self.tensor) = (name, classes, tensor)
      }
    }
    /// A number that is taken from the shape of a tensor. In options `{"extent": name}` is replaced by it.
    public struct Extent: Codable, Sendable {
      public var name: String
      public var tensor: String
      public var axis: Int

      public init(_ name: String, of tensor: String, axis: Int) {
        (self.name, self.tensor, self.axis) = (name, tensor, axis)
      }
    }

    /// `a checkpoint of the Python program`.
    public var title: String
    /// A file with all of these tensors, under any common prefix, is recognised.
    public var tensors: [String]
    public var tasks: [Task]
    public var extents: [Extent]
    /// Options of the recipe's model and augmenter, over their defaults.
    public var model: [String: JSONValue]
    public var augmenter: [String: JSONValue]
    public var normalisation: JSONValue?
    /// The assumption that fills in what the file does not state; the user is told.
    public var assumption: String?

    public init(
      _ title: String, tensors: [String], tasks: [Task], extents: [Extent] = [], model: [String: JSONValue] = [:],
      augmenter: [String: JSONValue] = [:], normalisation: JSONValue? = nil, assumption: String? = nil
    ) {
      (self.title, self.tensors, self.tasks, self.extents) = (title, tensors, tasks, extents)
      (self.model, self.augmenter, self.normalisation) = (model, augmenter, normalisation)
      self.assumption = assumption
    }
  }
}

extension Recipe {
  /// Files of another program that hold a model of this recipe and do not say so: how to tell them, and what a checkpoint of
  /// Sentry would say in their place. Pure data.
  public struct ForeignCheckpoint: Codable, Sendable {
    /// What the model answers, where the file has the tensor.
    public struct Task: Codable, Sendable {
      public var name: String
      public var classes: [String]
      /// Its first extent is the number of classes.
      public var tensor: String

      public init(_ name: String, classes: [String], tensor: String) {
        (self.name, self.classes, self.tensor) = (name, classes, tensor)
      }
    }
    /// A number that only the tensors tell. `{"extent": name}` stands for it in options.
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
    /// A file that has all of these is one, whatever stands before their names.
    public var tensors: [String]
    public var tasks: [Task]
    public var extents: [Extent]
    /// Options of the recipe's model and augmenter, over their defaults.
    public var model: [String: JSONValue]
    public var augmenter: [String: JSONValue]
    public var normalisation: JSONValue?
    /// What is taken for granted because the file does not say it; the user is told.
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

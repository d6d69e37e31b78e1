/// What one sample looks like: an extent of -1 varies.
public struct TensorSpecification: Codable, Sendable, Equatable {
  public var dtype: DType
  public var shape: [Int]
  public var layout: String?

  public init(_ dtype: DType, _ shape: [Int], layout: String? = nil) {
    (self.dtype, self.shape, self.layout) = (dtype, shape, layout)
  }

  /// Whether every tensor of `other` may stand where this one is asked for. A varying extent on either side fits: such a
  /// tensor is checked when it comes.
  public func accepts(_ other: TensorSpecification) -> Bool {
    dtype == other.dtype && shape.count == other.shape.count
      && zip(shape, other.shape).allSatisfy { $0 == $1 || $0 == -1 || $1 == -1 }
  }
}

extension TensorSpecification: CustomStringConvertible {
  public var description: String {
    "\(dtype.rawValue) [\(shape.map { $0 == -1 ? "?" : String($0) }.joined(separator: ", "))]"
      + (layout.map { " \($0)" } ?? "")
  }
}

/// One question that a sample has an answer to, one of several classes.
public struct ClassificationTask: Codable, Sendable, Equatable {
  public var name: String
  public var classes: [String]
  public init(_ name: String, classes: [String]) { (self.name, self.classes) = (name, classes) }
}

public struct DatasetSpecification: Codable, Sendable {
  public var sample: TensorSpecification
  public var tasks: [ClassificationTask]
  /// What a reader of the run should know: what was left out, where a split comes from.
  public var notes: [String]
  /// Where the samples themselves come from, where something made them: kept in run.json and in checkpoints.
  public var origin: JSONValue?
  /// What the groups of its samples are; nil where it does not say.
  public var groups: Groups?

  /// What samples of one group have in common.
  public enum Groups: String, Codable, Sendable {
    /// They are of one person.
    case subjects
    /// They are parts of one recording, or other things that are not to be parted; of whom, is not known of all of them.
    case recordings
  }

  public init(
    sample: TensorSpecification, tasks: [ClassificationTask], notes: [String] = [], origin: JSONValue? = nil,
    groups: Groups? = nil
  ) {
    (self.sample, self.tasks, self.notes, self.origin, self.groups) = (sample, tasks, notes, origin, groups)
  }
}

public struct AugmenterSpecification: Codable, Sendable {
  public var input: TensorSpecification
  public var output: TensorSpecification
  /// How values were normalised, for those who use the model later.
  public var normalisation: JSONValue?
  public init(input: TensorSpecification, output: TensorSpecification, normalisation: JSONValue? = nil) {
    (self.input, self.output, self.normalisation) = (input, output, normalisation)
  }
}

public struct ModelSpecification: Codable, Sendable {
  public struct Output: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable { case logits, embedding }
    public var name: String
    public var kind: Kind
    /// The classes that the logits stand for, in order.
    public var classes: [String]?
    /// The shape of one sample's embedding.
    public var shape: [Int]?

    public static func logits(_ name: String, classes: [String]) -> Output {
      Output(name: name, kind: .logits, classes: classes)
    }
    public static func embedding(_ name: String, shape: [Int]) -> Output {
      Output(name: name, kind: .embedding, shape: shape)
    }
  }
  public var architecture: String
  public var input: TensorSpecification
  public var outputs: [Output]
  /// Whether the model has drop-out and can sample its predictions with it; nil: no.
  public var stochastic: Bool?
  /// The buffer that holds the temperature, the one number by which all logits are divided; nil: that which is called
  /// `temperature`, where there is one.
  public var temperature: String?
  public init(
    architecture: String, input: TensorSpecification, outputs: [Output], stochastic: Bool? = nil,
    temperature: String? = nil
  ) {
    (self.architecture, self.input, self.outputs) = (architecture, input, outputs)
    (self.stochastic, self.temperature) = (stochastic, temperature)
  }
}

/// What a trainer learns of a run before it starts.
public struct RunSpecification: Codable, Sendable {
  public struct CountedTask: Codable, Sendable {
    public var name: String
    public var classes: [String]
    /// Training samples per class, before balancing.
    public var counts: [Int]
    public init(name: String, classes: [String], counts: [Int]) {
      (self.name, self.classes, self.counts) = (name, classes, counts)
    }
  }
  public var epochs: Int
  public var stepsPerEpoch: Int
  public var batchSize: Int
  public var balanced: Bool
  /// The task whose classes the run balances; nil where it balances none.
  public var balancedTask: String?
  public var tasks: [CountedTask]

  enum CodingKeys: String, CodingKey {
    case epochs, balanced, tasks
    case balancedTask = "balanced_task"
    case stepsPerEpoch = "steps_per_epoch"
    case batchSize = "batch_size"
  }
  /// - Parameter balancedTask: nil in a balanced run: the first task.
  public init(
    epochs: Int, stepsPerEpoch: Int, batchSize: Int, balanced: Bool, balancedTask: String? = nil, tasks: [CountedTask]
  ) {
    (self.epochs, self.stepsPerEpoch, self.batchSize) = (epochs, stepsPerEpoch, batchSize)
    (self.balanced, self.tasks) = (balanced, tasks)
    self.balancedTask = balanced ? balancedTask ?? tasks.first?.name : nil
  }
}

/// The element type and shape of one sample. An extent of -1 varies.
public struct TensorSpecification: Codable, Sendable, Equatable {
  public var dtype: DType
  public var shape: [Int]
  public var layout: String?

  public init(_ dtype: DType, _ shape: [Int], layout: String? = nil) {
    (self.dtype, self.shape, self.layout) = (dtype, shape, layout)
  }

  /// Whether tensors of `other` are accepted as tensors of this specification. A varying extent on either side matches; the
  /// tensor itself is checked when it arrives.
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

/// A classification task: its name and its classes in order.
public struct ClassificationTask: Codable, Sendable, Equatable {
  public var name: String
  public var classes: [String]
  public init(_ name: String, classes: [String]) { (self.name, self.classes) = (name, classes) }
}

public struct DatasetSpecification: Codable, Sendable {
  public var sample: TensorSpecification
  public var tasks: [ClassificationTask]
  /// Notes for the user: skipped data, origin of the splits.
  public var notes: [String]
  /// The origin of samples that were computed, for example by another model; stored in run.json and in checkpoints.
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
  /// The normalisation of the values, stored with the model.
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
    /// The classes of the logits, in order.
    public var classes: [String]?
    /// The shape of the embedding of one sample.
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
  /// Whether the model has dropout and can sample its predictions; nil: no.
  public var stochastic: Bool?
  /// The name of the buffer with the temperature by which all logits are divided; nil: `temperature`, if there is such a buffer.
  public var temperature: String?
  /// Whether the model can leave out outputs that are no logits; nil: no.
  public var optionalOutputs: Bool?
  /// Where and in what precision it computes, for people: `cuda:0 NVIDIA H200`, `tf32`.
  public var device, precision: String?

  enum CodingKeys: String, CodingKey {
    case architecture, input, outputs, stochastic, temperature, device, precision
    case optionalOutputs = "optional_outputs"
  }

  public init(
    architecture: String, input: TensorSpecification, outputs: [Output], stochastic: Bool? = nil,
    temperature: String? = nil, optionalOutputs: Bool? = nil, device: String? = nil, precision: String? = nil
  ) {
    (self.architecture, self.input, self.outputs) = (architecture, input, outputs)
    (self.stochastic, self.temperature, self.optionalOutputs) = (stochastic, temperature, optionalOutputs)
    (self.device, self.precision) = (device, precision)
  }
}

/// The description of a run for the trainer.
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
  /// The task whose classes the run balances; nil if it balances none.
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

/// What a model computes in evaluation, as a graph of ONNX operators (opset 17): what exports are made of.
///
/// Values have names. A node's input is the graph's input, another node's output, a constant, or a parameter or buffer of
/// the model under its name in the state dict. The outputs bear the names of the model's outputs.
public struct ModelGraph: Codable, Sendable, Equatable {
  public struct Node: Codable, Sendable, Equatable {
    /// The operator, as ONNX spells it: `Conv`.
    public var op: String
    /// An empty name leaves an optional input out.
    public var inputs: [String]
    public var outputs: [String]
    public var attributes: [String: Attribute]

    public init(_ op: String, inputs: [String], outputs: [String], attributes: [String: Attribute] = [:]) {
      (self.op, self.inputs, self.outputs, self.attributes) = (op, inputs, outputs, attributes)
    }
  }

  /// An attribute with the type that ONNX asks for: JSON alone does not tell 1 from 1.0.
  public enum Attribute: Sendable, Equatable {
    case int(Int)
    case ints([Int])
    case float(Double)
    case string(String)
  }

  /// A tensor of integers that is no parameter: a shape, axes.
  public struct Constant: Codable, Sendable, Equatable {
    public var name: String
    public var shape: [Int]
    /// Row-major.
    public var integers: [Int]

    public init(_ name: String, _ integers: [Int]) {
      (self.name, self.shape, self.integers) = (name, [integers.count], integers)
    }
  }

  public var opset = 17
  /// The name of the input, a batch [N, …] of the model's input.
  public var input: String
  public var nodes: [Node] = []
  public var constants: [Constant] = []

  public init(input: String = "input") { self.input = input }
}

extension ModelGraph.Attribute: Codable {
  private enum CodingKeys: String, CodingKey { case int, ints, float, string }

  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    if let value = try members.decodeIfPresent(Int.self, forKey: .int) {
      self = .int(value)
    } else if let values = try members.decodeIfPresent([Int].self, forKey: .ints) {
      self = .ints(values)
    } else if let value = try members.decodeIfPresent(Double.self, forKey: .float) {
      self = .float(value)
    } else {
      self = .string(try members.decode(String.self, forKey: .string))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .int(let value): try members.encode(value, forKey: .int)
    case .ints(let values): try members.encode(values, forKey: .ints)
    case .float(let value): try members.encode(value, forKey: .float)
    case .string(let value): try members.encode(value, forKey: .string)
    }
  }
}

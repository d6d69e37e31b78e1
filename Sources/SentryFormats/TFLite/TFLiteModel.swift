/// A model of TensorFlow Lite: one graph of tensors and operators, in an order in which it can be computed.
///
/// Constants stay in the file until they are asked for. `DEQUANTIZE` and `DENSIFY` of constants are gone: their results are
/// constants themselves.
///
/// Source: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs.
public struct TFLiteModel: Sendable {
  public struct Tensor: Sendable {
    public let name: String
    /// Extents, outermost first, each at least 1.
    public let shape: [Int]
    public let type: DType
    /// What it holds; nil for an input and for what is computed.
    public internal(set) var constant: TFLiteConstant?
  }

  public struct Operator: Sendable {
    /// What errors call it: its number in the file and its name.
    public let place: String
    public let kind: TFLiteOperator
    /// Numbers of tensors; nil where an optional one is absent.
    public let inputs: [Int?]
    public let output: Int
  }

  public let file: String
  public let tensors: [Tensor]
  public let operators: [Operator]
  /// Numbers of tensors.
  public let inputs, outputs: [Int]

  /// What a file may claim. The defaults let every model of pictures pass that fits a machine.
  public struct Limits: Sendable {
    public var fileBytes = 1 << 30
    /// Of all tensors together, computed or not, sparse ones as if they were dense.
    public var elements = 1 << 28
    public var rank = 8

    public init() {}
  }

  /// Reads and checks a file. What the operators need of the shapes of their inputs is the affair of who computes them.
  /// - Throws: ``FormatError``: `malformed` for a graph that contradicts itself or has a cycle, `unsupported` for an operator or
  ///   a type that is not read.
  public static func read(_ path: String, limits: Limits = Limits()) throws -> TFLiteModel {
    let file = try InputFile(path)
    guard file.size <= limits.fileBytes else {
      throw FormatError(.tooLarge, file: path, "has \(file.size) bytes; at most \(limits.fileBytes) are read")
    }
    guard file.size >= 8 else {
      throw FormatError(.truncated, file: path, "has \(file.size) bytes, too few for a model", hint: FlatBuffer.hint)
    }
    let bytes = try file.bytes(at: 0, count: file.size)
    guard bytes[4..<8].elementsEqual("TFL3".utf8) else {
      throw FormatError(
        .malformed, file: path, "is not a TensorFlow Lite model", hint: "check that it is not a web page or an archive")
    }
    return try TFLiteReader(file, FlatBuffer(bytes, file: path), limits).model()
  }
}

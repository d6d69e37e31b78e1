import SentryFormats
import SwiftProtobuf

/// What an ONNX file holds, read without running anything.
public struct ONNXSummary: Sendable {
  public struct Value: Sendable {
    public let name: String
    /// Numbers or the names of extents that the runtime may choose.
    public let shape: [String]
  }

  public struct Tensor: Sendable {
    public let name: String
    /// As DLPack spells it: f32.
    public let dtype: String
    public let shape: [Int]
  }

  public let producer: String
  public let opset: Int?
  public let inputs: [Value]
  public let outputs: [Value]
  /// How often each operator occurs.
  public let operators: [String: Int]
  public let initialisers: [Tensor]
  public let metadata: [String: String]

  /// What a file may have; one protocol buffer cannot have more.
  private static let largest = Int(Int32.max)

  /// - Throws: ``FormatError``.
  public init(path: String) throws {
    let bytes = try WholeFile.bytes(of: path, limit: Self.largest)
    let model: Onnx_ModelProto
    do {
      model = try Onnx_ModelProto(serializedBytes: bytes)
    } catch {
      throw FormatError(
        .malformed, file: path, "is no ONNX model: \(error)", hint: "the file is damaged or of another kind")
    }
    guard model.hasGraph, model.irVersion > 0 else {
      throw FormatError(.malformed, file: path, "is no ONNX model: it has no graph", hint: "name an .onnx file")
    }
    producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    opset = model.opsetImport.first { $0.domain.isEmpty }.map { Int($0.version) }
    let stored = Set(model.graph.initializer.map(\.name))
    inputs = model.graph.input.filter { !stored.contains($0.name) }.map(Value.init)
    outputs = model.graph.output.map(Value.init)
    operators = model.graph.node.reduce(into: [:]) { $0[$1.opType, default: 0] += 1 }
    initialisers = model.graph.initializer.map {
      Tensor(name: $0.name, dtype: Self.dtype($0.dataType), shape: $0.dims.map(Int.init))
    }
    metadata = Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { first, _ in first }
  }

  private static func dtype(_ number: Int32) -> String {
    switch Onnx_TensorProto.DataType(rawValue: Int(number)) {
    case .float: "f32"
    case .int64: "i64"
    default: "type \(number)"
    }
  }
}

extension ONNXSummary.Value {
  fileprivate init(_ value: Onnx_ValueInfoProto) {
    name = value.name
    shape = value.type.tensorType.shape.dim.map { dimension in
      switch dimension.value {
      case .dimValue(let extent): String(extent)
      case .dimParam(let name): name
      case nil: "?"
      }
    }
  }
}

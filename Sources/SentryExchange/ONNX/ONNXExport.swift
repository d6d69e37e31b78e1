public import SentryFormats
public import SentryPluginAPI
import SwiftProtobuf

/// A model's graph and state dict as an ONNX file (IR version 8, opset 17; https://onnx.ai/onnx/repo-docs/IR.html).
public struct ONNXExport {
  public var graph: ModelGraph
  public var tensors: [String: StoredTensor]
  /// One sample: the file's input is a batch [N, …] of it.
  public var input: TensorSpecification
  public var outputs: [ModelSpecification.Output]
  /// Kept in the file's metadata.
  public var metadata: [String: String]
  public var producerVersion: String

  public init(
    graph: ModelGraph, tensors: [String: StoredTensor], input: TensorSpecification,
    outputs: [ModelSpecification.Output], metadata: [String: String], producerVersion: String
  ) {
    (self.graph, self.tensors, self.input, self.outputs) = (graph, tensors, input, outputs)
    (self.metadata, self.producerVersion) = (metadata, producerVersion)
  }

  /// The name of the first extent, which the runtime may choose.
  static let batch = "batch"

  /// Writes the file as a whole or not at all. Equal models make equal bytes.
  /// - Throws: ``FormatError``, or ``PluginError`` where graph and tensors do not fit.
  public func write(to path: String) throws {
    let model = try message()
    let bytes: [UInt8]
    do {
      bytes = try model.serializedBytes()
    } catch {
      throw FormatError(
        .tooLarge, file: path, "cannot be one protocol buffer: \(error)",
        hint: "ONNX files without external data end at 2 GiB")
    }
    try AtomicFile.write(bytes, to: path)
  }

  func message() throws -> Onnx_ModelProto {
    var opset = Onnx_OperatorSetIdProto()
    opset.domain = ""
    opset.version = Int64(graph.opset)
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.producerName = "sentry"
    model.producerVersion = producerVersion
    model.opsetImport = [opset]
    model.graph = try graphMessage()
    model.metadataProps = metadata.sorted { $0.key < $1.key }.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    return model
  }

  private func graphMessage() throws -> Onnx_GraphProto {
    var message = Onnx_GraphProto()
    message.name = "sentry"
    message.node = graph.nodes.enumerated().map { index, node in Onnx_NodeProto(node, name: "\(node.op)_\(index)") }
    message.initializer = try initialisers()
    message.input = [Onnx_ValueInfoProto(graph.input, dtype: input.dtype, shape: input.shape)]
    message.output = try outputs.map { output in
      guard graph.nodes.contains(where: { $0.outputs.contains(output.name) }) else {
        throw PluginError("the model's graph has no value '\(output.name)', which is one of its outputs")
      }
      let shape = output.kind == .logits ? [output.classes?.count ?? -1] : output.shape ?? []
      return Onnx_ValueInfoProto(output.name, dtype: .float32, shape: shape)
    }
    return message
  }

  /// The tensors and constants that nodes read, in the order in which they do.
  private func initialisers() throws -> [Onnx_TensorProto] {
    let constants = Dictionary(graph.constants.map { ($0.name, $0) }) { first, _ in first }
    var known: Set<String> = [graph.input, ""]
    var result: [Onnx_TensorProto] = []
    for node in graph.nodes {
      for name in node.inputs where known.insert(name).inserted {
        if let constant = constants[name] {
          result.append(try Onnx_TensorProto(constant))
        } else if let tensor = tensors[name] {
          result.append(try Onnx_TensorProto(name, tensor))
        } else {
          throw PluginError("the model's graph reads '\(name)' before anything makes it: it is no tensor of the model")
        }
      }
      known.formUnion(node.outputs)
    }
    return result
  }
}

import FoundationEssentials
import SentryFormats
import SentryPluginAPI
import SwiftProtobuf

extension Onnx_NodeProto {
  init(_ node: ModelGraph.Node, name: String) {
    self.init()
    self.name = name
    opType = node.op
    input = node.inputs
    output = node.outputs
    attribute = node.attributes.sorted { $0.key < $1.key }.map { Onnx_AttributeProto($0.key, $0.value) }
  }
}

extension Onnx_AttributeProto {
  init(_ name: String, _ attribute: ModelGraph.Attribute) {
    self.init()
    self.name = name
    switch attribute {
    case .int(let value): (type, i) = (.int, Int64(value))
    case .ints(let values): (type, ints) = (.ints, values.map(Int64.init))
    case .float(let value): (type, f) = (.float, Float(value))
    case .string(let value): (type, s) = (.string, Data(value.utf8))
    }
  }
}

extension Onnx_TensorProto {
  init(_ constant: ModelGraph.Constant) throws {
    try self.init(constant.name, StoredTensor(constant.integers.map(Int64.init), shape: constant.shape))
  }

  /// Integers stay integers; every floating-point type becomes 32 bits wide, the type of the graph.
  init(_ name: String, _ tensor: StoredTensor) throws {
    self.init()
    self.name = name
    dims = tensor.shape.map(Int64.init)
    if tensor.dtype == .i64 {
      dataType = Int32(DataType.int64.rawValue)
      rawData = Data(try tensor.bytes())
    } else {
      dataType = Int32(DataType.float.rawValue)
      rawData = try tensor.floats().withUnsafeBytes { Data($0) }
    }
  }
}

extension Onnx_ValueInfoProto {
  /// A batch of `shape`; -1 is an extent that the runtime may choose.
  init(_ name: String, dtype: SentryPluginAPI.DType, shape: [Int]) {
    self.init()
    self.name = name
    type.tensorType.elemType = Int32(
      (dtype == .int64 ? Onnx_TensorProto.DataType.int64 : Onnx_TensorProto.DataType.float).rawValue)
    type.tensorType.shape.dim = ([-1] + shape).enumerated().map { axis, extent in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if extent >= 0 {
        dimension.dimValue = Int64(extent)
      } else {
        dimension.dimParam = axis == 0 ? ONNXExport.batch : "\(name)_\(axis)"
      }
      return dimension
    }
  }
}

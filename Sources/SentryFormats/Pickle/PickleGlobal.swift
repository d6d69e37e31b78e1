/// The Python names that a file of tensors may mention; every other is refused. None of them is looked up or called in
/// any other sense: each stands for a few lines in ``Unpickler``.
enum PickleGlobal {
  case orderedDict
  case counter
  case set
  case byteArray
  case encode
  case size
  case device
  case layout
  case tensorType
  case rebuildTensor
  case rebuildTensorV2
  case rebuildTensorV3
  case rebuildParameter
  case rebuildFromType
  case storage(DType)
  /// `torch.UntypedStorage`: counted in bytes, the type follows in `_rebuild_tensor_v3`.
  case untypedStorage
  /// `torch.float32` and so on, also those that this module does not read.
  case dtype(String)

  init?(module: String, name: String) {
    if let known = Self.named["\(module).\(name)"] {
      self = known
    } else if module == "torch", Self.dtypes.contains(name) {
      self = .dtype(name)
    } else if module == "torch" || module == "torch.cuda", let type = Self.storages[name] {
      // Weights saved on a GPU before PyTorch 1.0 name torch.cuda's storages.
      self = .storage(type)
    } else {
      return nil
    }
  }

  private static let named: [String: PickleGlobal] = [
    "collections.OrderedDict": .orderedDict,
    "collections.Counter": .counter,
    "builtins.set": .set,
    "__builtin__.set": .set,
    "builtins.bytearray": .byteArray,
    "__builtin__.bytearray": .byteArray,
    "_codecs.encode": .encode,
    "torch.Size": .size,
    "torch.device": .device,
    "torch.serialization._get_layout": .layout,
    "torch.Tensor": .tensorType,
    "torch.nn.parameter.Parameter": .tensorType,
    "torch._utils._rebuild_tensor": .rebuildTensor,
    "torch._utils._rebuild_tensor_v2": .rebuildTensorV2,
    "torch._utils._rebuild_tensor_v3": .rebuildTensorV3,
    "torch._utils._rebuild_parameter": .rebuildParameter,
    "torch._utils._rebuild_parameter_with_state": .rebuildParameter,
    "torch._tensor._rebuild_from_type_v2": .rebuildFromType,
    "torch.UntypedStorage": .untypedStorage,
    "torch.storage.UntypedStorage": .untypedStorage,
    "torch.storage._UntypedStorage": .untypedStorage,
  ]

  private static let storages: [String: DType] = [
    "HalfStorage": .f16, "BFloat16Storage": .bf16, "FloatStorage": .f32, "DoubleStorage": .f64, "ByteStorage": .u8,
    "CharStorage": .i8, "ShortStorage": .i16, "IntStorage": .i32, "LongStorage": .i64, "BoolStorage": .bool,
  ]

  private static let dtypes: Set<String> = [
    "float16", "bfloat16", "float32", "float64", "uint8", "int8", "int16", "int32", "int64", "bool", "uint16",
    "uint32", "uint64", "complex32", "complex64", "complex128", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2",
    "float8_e5m2fnuz", "quint8", "qint8", "qint32",
  ]
}

extension DType {
  /// PyTorch's name of the type without `torch.`.
  init?(pyTorchName name: String) {
    let types: [String: DType] = [
      "float16": .f16, "bfloat16": .bf16, "float32": .f32, "float64": .f64, "uint8": .u8, "int8": .i8, "int16": .i16,
      "int32": .i32, "int64": .i64, "bool": .bool,
    ]
    guard let type = types[name] else { return nil }
    self = type
  }

  /// The class in `torch` that names the type in a persistent id.
  var pyTorchStorage: String {
    switch self {
    case .f16: "HalfStorage"
    case .bf16: "BFloat16Storage"
    case .f32: "FloatStorage"
    case .f64: "DoubleStorage"
    case .u8: "ByteStorage"
    case .i8: "CharStorage"
    case .i16: "ShortStorage"
    case .i32: "IntStorage"
    case .i64: "LongStorage"
    case .bool: "BoolStorage"
    }
  }
}

import FoundationEssentials

// The fuzzer (scripts/fuzz) compiles this file and the readers as one module.
#if canImport(SentryFormats)
  @testable import SentryFormats
#endif

/// The readers of files that come from outside, each run over all that a file holds: what the fuzzer does with millions of
/// files, and a test with the few that it has taught us.
enum ReaderExercise: String, CaseIterable, Codable, Sendable {
  case pth, npy, safetensors, csv, zip, tflite

  /// Reads the file at `path`. Throws ``FormatError`` where it is refused; traps where a reader contradicts itself.
  /// - Parameter folder: for what is unpacked; it is emptied again.
  func run(_ path: String, folder: String) throws {
    switch self {
    case .pth: try Self.walk(PyTorchFile.read(path, limits: Self.limits))
    case .npy:
      _ = try? NPYFile.onlyElement(of: path)
      let tensor = try NPYFile.read(path)
      Self.require(try NPYFile.shape(of: path) == tensor.shape, "two shapes of one file")
      try Self.walk(tensor)
    case .safetensors:
      let file = try SafetensorsFile.read(path)
      Self.require(SafetensorsFile.recognises(path), "read and not recognised")
      for (_, tensor) in file.tensors { try Self.walk(tensor) }
    case .csv:
      for separator: Unicode.Scalar in [",", "\t"] { try Self.rows(CSVFile(path, separator: separator)) }
    case .zip: try Self.unpack(path, to: folder)
    case .tflite: try Self.walk(TFLiteModel.read(path, limits: Self.modelLimits))
    }
  }

  /// Low enough that a file which claims much is refused in milliseconds.
  private static var limits: PyTorchFile.Limits {
    var limits = PyTorchFile.Limits()
    limits.items = 20_000
    limits.copiedBytes = 1 << 20
    return limits
  }

  private static var modelLimits: TFLiteModel.Limits {
    var limits = TFLiteModel.Limits()
    limits.elements = 1 << 20
    return limits
  }

  /// All constants; and what operators read is known by then, as the reader promises.
  private static func walk(_ model: TFLiteModel) throws {
    var known = Set(model.inputs)
    for (number, tensor) in model.tensors.enumerated() {
      guard let constant = tensor.constant else { continue }
      known.insert(number)
      let count = tensor.shape.reduce(1, *)
      require(try constant.floats().count == count, "a constant of another size")
      if !tensor.type.isFloatingPoint { require(try constant.integers().count == count, "another count") }
    }
    for node in model.operators {
      require(node.inputs.allSatisfy { $0.map(known.contains) ?? true }, "an operator reads what is not known")
      require(known.insert(node.output).inserted, "a tensor is computed twice")
    }
    require(model.outputs.allSatisfy(known.contains), "an output that nobody computes")
  }

  private static func walk(_ value: PickleValue) throws {
    switch value {
    case .list(let values), .tuple(let values): for value in values { try walk(value) }
    case .dict(let dictionary):
      for (key, value) in dictionary.pairs {
        require(dictionary[key] != nil, "a key that is not found: \(key)")
        try walk(value)
      }
    case .tensor(let tensor): try walk(tensor)
    default: break
    }
  }

  private static func walk(_ tensor: StoredTensor) throws {
    let (bytes, floats) = (try tensor.bytes(), try tensor.floats())
    require(bytes.count == tensor.byteCount && floats.count == tensor.count, "a tensor of another size")
    if !tensor.dtype.isFloatingPoint { require(try tensor.integers().count == tensor.count, "another count") }
  }

  private static func rows(_ csv: CSVFile) throws {
    try csv.forEachRow { row in
      let again = try csv.row(at: row.location)
      require(again.count == row.count && row.count > 0, "a row is another when it is read again")
      for field in 0..<row.count {
        let bytes = try row.withField(field) { Array($0) }
        require(try again.withField(field) { $0.elementsEqual(bytes) }, "a field is another when it is read again")
      }
      return true
    }
    if let header = try csv.header(), let name = header.names.last { _ = try header.require(name) }
  }

  /// As a precondition, with its words also in optimised builds.
  private static func require(_ holds: Bool, _ failure: @autoclosure () -> String) {
    if !holds { fatalError(failure()) }
  }

  private static func unpack(_ path: String, to folder: String) throws {
    defer {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    }
    var limits = ZipExtraction.Limits()
    (limits.bytes, limits.entries) = (1 << 20, 100)
    try ZipExtraction.extract(path, to: folder, limits: limits)
  }
}

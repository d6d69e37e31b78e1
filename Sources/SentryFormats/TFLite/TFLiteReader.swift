/// Follows the schema from the root to a model.
struct TFLiteReader {
  private let file: InputFile
  private let buffer: FlatBuffer
  private let limits: TFLiteModel.Limits

  init(_ file: InputFile, _ buffer: FlatBuffer, _ limits: TFLiteModel.Limits) {
    (self.file, self.buffer, self.limits) = (file, buffer, limits)
  }

  func model() throws -> TFLiteModel {
    let root = try buffer.root("model")
    let version = try root.number(0, UInt32(0))
    guard version == 3 else {
      throw FormatError(.unsupported, file: file.path, "has version \(version) of the schema; version 3 is supported")
    }
    let graphs = try root.tables(2, "graph")
    guard let graph = graphs.first, graphs.count == 1 else {
      throw FormatError(
        .unsupported, file: file.path, "has \(graphs.count) graphs; models with one graph are supported")
    }
    let buffers = try root.tables(4, "buffer")
    let tensors = try graph.tables(0, "tensor").map { try tensor($0, buffers) }
    // Each is below the limit, so the sum fits.
    let elements = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    guard elements <= limits.elements else {
      throw FormatError(
        .tooLarge, file: file.path, "has tensors of \(elements) elements in all; at most \(limits.elements) are read")
    }
    let codes = try root.tables(1, "operator code").map { code in
      // Up to 127 the number stands where it stood in old files.
      max(Int32(try code.number(0, Int8(0))), try code.number(3, Int32(0)))
    }
    let operators = try graph.tables(3, "operator").map { try self.operator($0, codes, tensors) }
    var order = TFLiteOrder(
      tensors, inputs: try indices(graph, 1, tensors), outputs: try indices(graph, 2, tensors), buffer)
    return try order.model(operators)
  }

  private func tensor(_ table: FlatTable, _ buffers: [FlatTable]) throws -> TFLiteModel.Tensor {
    let shape = try table.numbers(0, Int32.self)
    let name = try table.text(3)
    guard shape.count <= limits.rank, shape.allSatisfy({ $0 > 0 }), let count = StoredTensor.elementCount(shape),
      count <= limits.elements
    else { throw buffer.malformed(table.place, "\(name) has the shape \(shape.prefix(16))") }
    let type = try dtype(table, name)
    let source = Int(try table.number(2, UInt32(0)))
    guard source < buffers.count else {
      throw buffer.malformed(table.place, "\(name) is in buffer \(source), but there are \(buffers.count)")
    }
    // Larger files than FlatBuffers can address keep data behind the tables.
    guard try buffers[source].number(1, UInt64(0)) <= 1 else {
      throw FormatError(
        .unsupported, file: file.path, place: table.place,
        "\(name) is stored outside the tables, which is not supported")
    }
    let data = try buffers[source].vector(0, of: 1)
    let constant = data.count == 0 ? nil : try constant(table, name, type, shape, data)
    return TFLiteModel.Tensor(name: name, shape: shape, type: type, constant: constant)
  }

  private func dtype(_ table: FlatTable, _ name: String) throws -> DType {
    let number = try table.number(1, Int8(0))
    switch number {
    case 0: return .f32
    case 1: return .f16
    case 2: return .i32
    case 3: return .u8
    case 4: return .i64
    case 6: return .bool
    case 7: return .i16
    case 9: return .i8
    default:
      throw FormatError(
        .unsupported, file: file.path, place: table.place,
        "\(name) has elements of type \(number), which are not supported")
    }
  }

  private func constant(_ table: FlatTable, _ name: String, _ type: DType, _ shape: [Int], _ data: FlatVector) throws
    -> TFLiteConstant
  {
    let region = FileRegion(file: file, offset: data.start, count: data.count)
    let sparsity = try table.table(6)
    let stored = sparsity == nil ? shape : [data.count / type.size]
    guard let count = StoredTensor.elementCount(stored), count * type.size == data.count else {
      throw buffer.malformed(table.place, "\(name) has \(data.count) bytes for the shape \(shape) of \(type)")
    }
    let values = try StoredTensor(dtype: type, shape: stored, contents: .file(region), byteCount: data.count)
    guard let sparsity else { return .dense(values) }
    do {
      return .sparse(
        values,
        try TFLiteSparsity(
          shape: shape, order: try sparsity.numbers(0, Int32.self), blocked: try sparsity.numbers(1, Int32.self),
          levels: try sparsity.tables(2, "\(table.place), level").map(level), values: values.count))
    } catch let error as TFLiteSparsity.Mismatch {
      throw buffer.malformed(table.place, "\(name) \(error.reason)")
    }
  }

  private func level(_ table: FlatTable) throws -> TFLiteSparsity.Level {
    guard try table.number(0, Int8(0)) != 0 else { return .dense(Int(try table.number(1, Int32(0)))) }
    return .compressed(segments: try list(table, 2), indices: try list(table, 4))
  }

  /// A list whose elements have as many bytes as the field before it says.
  private func list(_ table: FlatTable, _ field: Int) throws -> [Int] {
    guard let list = try table.table(field + 1) else { throw buffer.malformed(table.place, "lacks its indices") }
    switch try table.number(field, UInt8(0)) {
    case 1: return try list.numbers(0, Int32.self)
    case 2: return try list.numbers(0, UInt16.self)
    case 3: return try list.numbers(0, UInt8.self)
    default: throw buffer.malformed(table.place, "has indices of an unknown type")
    }
  }

  private func indices(_ table: FlatTable, _ field: Int, _ tensors: [TFLiteModel.Tensor]) throws -> [Int] {
    let indices = try table.numbers(field, Int32.self)
    guard indices.allSatisfy(tensors.indices.contains) else {
      throw buffer.malformed(table.place, "names tensors of \(indices.prefix(16)), but there are \(tensors.count)")
    }
    return indices
  }

  private func `operator`(_ table: FlatTable, _ codes: [Int32], _ tensors: [TFLiteModel.Tensor]) throws
    -> TFLiteModel.Operator
  {
    let number = Int(try table.number(0, UInt32(0)))
    guard number < codes.count else {
      throw buffer.malformed(table.place, "has operator code \(number), but there are \(codes.count)")
    }
    guard let schema = TFLiteSchema.of(codes[number]) else {
      throw FormatError(
        .unsupported, file: file.path, place: table.place,
        "is number \(codes[number]) of the schema, which is not supported",
        hint: "only models of pose and face detection are supported; convert others to ONNX")
    }
    let place = "\(table.place) (\(schema.name))"
    let inputs = try table.numbers(1, Int32.self)
    // -1 stands for an optional input that is absent.
    guard schema.inputs.contains(inputs.count), inputs.allSatisfy({ $0 == -1 || tensors.indices.contains($0) }),
      inputs[..<schema.inputs.lowerBound].allSatisfy({ $0 >= 0 })
    else {
      throw buffer.malformed(place, "has the inputs \(inputs.prefix(16)), but there are \(tensors.count) tensors")
    }
    let outputs = try indices(table, 2, tensors)
    guard let output = outputs.first, outputs.count == 1 else {
      throw buffer.malformed(place, "has \(outputs.count) outputs")
    }
    return TFLiteModel.Operator(
      place: place, kind: try kind(table, schema, place), inputs: inputs.map { $0 < 0 ? nil : $0 }, output: output)
  }

  private func kind(_ table: FlatTable, _ schema: TFLiteSchema, _ place: String) throws -> TFLiteOperator {
    guard let wanted = schema.options else { return try schema.read(table) }
    guard try table.number(3, UInt8(0)) == wanted, let options = try table.table(4, place) else {
      throw buffer.malformed(place, "lacks its options")
    }
    return try schema.read(options)
  }
}

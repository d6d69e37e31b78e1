/// Walks the operators as they would be computed: each may read what is known by then and makes something new known. A graph with a
/// cycle, or one that reads what nobody computes, does not get to its end.
struct TFLiteOrder {
  private var tensors: [TFLiteModel.Tensor]
  private let inputs, outputs: [Int]
  private let buffer: FlatBuffer
  private var known: [Bool]

  init(_ tensors: [TFLiteModel.Tensor], inputs: [Int], outputs: [Int], _ buffer: FlatBuffer) {
    (self.tensors, self.inputs, self.outputs, self.buffer) = (tensors, inputs, outputs, buffer)
    known = tensors.map { $0.constant != nil }
  }

  mutating func model(_ operators: [TFLiteModel.Operator]) throws -> TFLiteModel {
    for input in inputs { try learn(input, "inputs") }
    var kept: [TFLiteModel.Operator] = []
    for node in operators {
      for case let input? in node.inputs where !known[input] {
        throw buffer.malformed(
          node.place, "reads \(tensors[input].name) before it is computed: there is a cycle, or a part is missing")
      }
      try learn(node.output, node.place)
      if node.kind == .constant { try fold(node) } else { kept.append(node) }
    }
    for output in outputs where !known[output] {
      throw buffer.malformed("outputs", "name \(tensors[output].name), which no operator computes")
    }
    return TFLiteModel(file: buffer.file, tensors: tensors, operators: kept, inputs: inputs, outputs: outputs)
  }

  private mutating func learn(_ tensor: Int, _ place: String) throws {
    guard !known[tensor] else { throw buffer.malformed(place, "set \(tensors[tensor].name), which is known already") }
    known[tensor] = true
  }

  private mutating func fold(_ node: TFLiteModel.Operator) throws {
    guard let source = node.inputs[0], let constant = tensors[source].constant else {
      throw FormatError(
        .unsupported, file: buffer.file, place: node.place,
        "has a computed input; only constants can be converted")
    }
    guard tensors[source].shape == tensors[node.output].shape, tensors[source].type.isFloatingPoint else {
      throw FormatError(
        .unsupported, file: buffer.file, place: node.place,
        "makes \(tensors[node.output].shape) of \(tensors[source].shape) in \(tensors[source].type)",
        hint: "quantised models are not supported")
    }
    tensors[node.output].constant = constant
  }
}

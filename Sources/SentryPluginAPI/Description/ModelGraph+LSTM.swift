extension ModelGraph {
  /// One layer over x [steps, N, inputs], from a zero state: all hidden states [steps, N, hidden].
  ///
  /// The weights are PyTorch's: `weight_ih_l0` [4·hidden, inputs], `weight_hh_l0`, `bias_ih_l0` and `bias_hh_l0`, whose gates stand in
  /// the order input, forget, cell, output. ONNX has input, output, forget, cell: the graph puts the rows in that order itself, which
  /// runtimes do once when they load it.
  public mutating func lstm(_ x: String, _ layer: String, index: Int, hidden: Int) -> String {
    let order = integers(
      [0, 3, 1, 2].flatMap { gate in (0..<hidden).map { gate * hidden + $0 } }, as: "lstm_gates_\(hidden)")
    let direction = integers([0], as: "axis_0")
    var parts = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map { part in
      append("Gather", ["\(layer).\(part)_l\(index)", order], ["axis": .int(0)])
    }
    parts = [parts[0], parts[1], concatenation([parts[2], parts[3]], axis: 0)]
    let inputs = [x] + parts.map { append("Unsqueeze", [$0, direction]) }
    let states = append("LSTM", inputs, ["hidden_size": .int(hidden)])
    return append("Squeeze", [states, integers([1], as: "axis_1")])
  }

  /// A constant, which is there once however often it is asked for.
  public mutating func integers(_ values: [Int], as name: String) -> String {
    if !constants.contains(where: { $0.name == name }) { constants.append(Constant(name, values)) }
    return name
  }
}

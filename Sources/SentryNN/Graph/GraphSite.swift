/// Where a node is built: its tensors with their addresses, which do not change, and what it computes with.
public struct GraphSite {
  struct Value {
    let shape: [Int]
    let constant: [Float]?
    /// nil for a constant.
    fileprivate let address: UnsafeMutablePointer<Float>?

    init(_ tensor: GraphDefinition.Tensor, at address: UnsafeMutablePointer<Float>?) {
      (shape, constant, self.address) = (tensor.shape, tensor.constant, address)
    }

    var count: Int { shape.reduce(1, *) }
  }

  let name: String
  let inputs: [Value]
  let output: Value
  let context: ComputeContext
  /// Multiplications below which a second thread is not worth its waking: some ten microseconds of one thread.
  let minimumWork: Int

  static let minimumWork = 1_000_000

  var engine: Engine { context.engine }

  /// Where the result goes.
  var target: UnsafeMutablePointer<Float> {
    get throws { try address(output) }
  }

  /// Where a computed input lies.
  func source(_ input: Int) throws -> UnsafeMutablePointer<Float> { try address(inputs[input]) }

  private func address(_ value: Value) throws -> UnsafeMutablePointer<Float> {
    guard let address = value.address else { throw misfit("has a constant where a computed tensor belongs") }
    return address
  }

  /// The values of an input that must be part of the model.
  func constant(_ input: Int) throws -> [Float] {
    guard let constant = inputs[input].constant else { throw misfit("has an input that must be a constant") }
    return constant
  }

  func misfit(_ detail: String) -> NNError {
    NNError(.unimplemented, "\(name) \(detail)", hint: "use a model that was converted without it")
  }

  /// 0..<count in as many parts as there are threads; one where it is too little work.
  func parts(_ count: Int, multiplications: Int) -> [Range<Int>] {
    let threads = multiplications < minimumWork ? 1 : min(context.threadCount, count)
    return (0..<threads).map { count * $0 / threads..<count * ($0 + 1) / threads }
  }

  /// The same for work that is bound by memory: a value moved takes as long as some sixteen multiplications.
  func parts(_ count: Int, values: Int) -> [Range<Int>] { parts(count, multiplications: 16 * values) }
}

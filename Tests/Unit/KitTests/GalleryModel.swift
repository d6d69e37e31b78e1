import Glibc
import SentryBase
import SentryPluginAPI

/// Two tanh layers and a batch mean as a buffer; correct but for one fault.
final class GalleryModel: Model, @unchecked Sendable {
  enum Fault: String, CaseIterable, Sendable {
    case twoAlike, otherClasses, takesAnything, weightsAreRandom, looksAtOthers, evaluationLearns, hiddenState
    case gradientTooLarge, neverAccumulates, ignoresNil, packedWeights, noGradient
  }

  static let (inputs, hidden, classes) = (5, 7, 3)
  let fault: Fault?
  let specification: ModelSpecification
  let parameters: [NamedTensor]
  private let (first, second) = (Tensor([hidden, inputs]), Tensor([classes, hidden]))
  private let mean = Tensor([1])
  private var packed: [Float] = []
  private var packedFirst: [Float] = []
  private var secret: Float = 0
  private var pass: (input: Tensor, activations: [Float])?

  init(_ fault: Fault? = nil, seed: UInt64) throws {
    self.fault = fault
    specification = ModelSpecification(
      architecture: "gallery", input: TensorSpecification(.float32, [Self.inputs]),
      outputs: [.logits("task", classes: ["a", "b", "c"] + (fault == .otherClasses ? ["d"] : []))])
    var random = SplitMix64(seed: fault == .weightsAreRandom ? .random(in: 0...UInt64.max) : seed)
    for tensor in [first, second] {
      let values = try tensor.elements(as: Float.self)
      for index in values.indices { values[index] = Float(random.gaussian() * 0.5) }
    }
    if fault == .hiddenState { secret = Float(random.gaussian()) }
    parameters = [
      NamedTensor("first", first, gradient: Tensor(first.shape), role: .trainable),
      NamedTensor(fault == .twoAlike ? "first" : "second", second, gradient: Tensor(second.shape), role: .trainable),
      NamedTensor("mean", mean),
    ]
    (packed, packedFirst) = (try second.array(), try first.array())
  }

  func parametersChanged() throws { if fault != .packedWeights { packed = try second.array() } }

  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    if fault == .takesAnything, input.dtype != .float32 || input.shape.count != 2 {
      return [Tensor([1, Self.classes])]
    }
    guard input.dtype == .float32, input.shape.count == 2, input.shape[1] == Self.inputs, input.shape[0] > 0 else {
      throw PluginError.invalid("the input is \(input.dtype) \(input.shape)")
    }
    let x = try input.array(of: Float.self)
    let w1 = fault == .packedWeights ? packedFirst : try first.array(of: Float.self)
    let batch = input.shape[0]
    if training || fault == .evaluationLearns {
      try mean.elements(as: Float.self)[0] += 0.1 * x.reduce(0, +) / Float(x.count)
    }
    let shift = fault == .looksAtOthers && !training ? x.reduce(0, +) / Float(x.count) : secret
    var activations: [Float] = []
    let output = Tensor([batch, Self.classes])
    let logits = try output.elements(as: Float.self)
    for row in 0..<batch {
      let h = (0..<Self.hidden).map { unit in
        tanh((0..<Self.inputs).reduce(Float(0)) { $0 + w1[unit * Self.inputs + $1] * x[row * Self.inputs + $1] })
      }
      activations += h
      for c in 0..<Self.classes {
        logits[row * Self.classes + c] = (0..<Self.hidden).reduce(shift * Float(c)) {
          $0 + packed[c * Self.hidden + $1] * h[$1]
        }
      }
    }
    if training { pass = (Tensor(input.shape, x), activations) }
    return [output]
  }

  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    guard let pass else { throw PluginError.invalid("backward without a forward pass") }
    guard let d1 = try parameters[0].gradient?.elements(as: Float.self),
      let d2 = try parameters[1].gradient?.elements(as: Float.self)
    else { return }
    if !accumulate || fault == .neverAccumulates, fault != .ignoresNil || gradients[0] != nil {
      d1.update(repeating: 0)
      d2.update(repeating: 0)
    }
    guard let slopes = try gradients[0]?.elements(as: Float.self), fault != .noGradient else { return }
    let x = try pass.input.elements(as: Float.self)
    for row in 0..<pass.input.shape[0] {
      for unit in 0..<Self.hidden {
        let h = pass.activations[row * Self.hidden + unit]
        var back: Float = 0
        for c in 0..<Self.classes {
          let slope = slopes[row * Self.classes + c]
          d2[c * Self.hidden + unit] += slope * h
          back += slope * packed[c * Self.hidden + unit]
        }
        back *= (1 - h * h) * (fault == .gradientTooLarge ? 1.05 : 1)
        for i in 0..<Self.inputs { d1[unit * Self.inputs + i] += back * x[row * Self.inputs + i] }
      }
    }
  }
}

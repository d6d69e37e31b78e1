import Glibc
import SentryPluginAPI

extension ModelLaws {
  static let gradients: [Law<ModelMaker>] = [
    Law("model.gradients", level: 3, "Gradients are those of finite differences, within 3 percent.") { make, run in
      let model = try make()
      let trained = try reachable(model)
      let probe = try Probe(model, &run)
      try probe.backward()
      let gradients = try trained.map { try $0.gradient?.array(of: Float.self).map(Double.init) ?? [] }
      let norms = gradients.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      let whole = norms.reduce(0) { $0 + $1 * $1 }.squareRoot()
      try require(whole.isFinite && whole > 0, "the norm of all gradients is \(whole)")
      // All together, and some parameters alone: those whose gradients are large enough to be told from rounding.
      let alone = trained.indices.filter { norms[$0] > 0.02 * whole }
      let chosen = alone.count <= 12 ? alone : (0..<12).map { alone[$0 * (alone.count - 1) / 11] }
      for subject in [nil] + chosen.map(Optional.some) {
        let norm = subject.map { norms[$0] } ?? whole
        let direction = gradients.enumerated().map { index, gradient in
          subject == nil || subject == index ? gradient.map { $0 / norm } : []
        }
        // A step too small drowns in rounding, one too large in curvature and in kinks: any of several may agree.
        var measured: [Double] = []
        func agrees() -> Bool { measured.contains { abs($0 - norm) <= 0.03 * norm } }
        for step in [1e-2, 3e-3, 3e-2, 1e-3] where !agrees() {
          measured.append(try probe.slope(along: direction, of: trained, step: step))
        }
        try require(
          agrees(),
          "along the gradient of \(subject.map { "'\(trained[$0].name)'" } ?? "all parameters") the loss changes by \(measured.map { Float($0) }) for each unit; the gradient predicts \(Float(norm))"
        )
      }
    },
    Law("model.gradients-accumulate", level: 3, "Accumulated gradients are the sum, and a missing gradient is zero.") {
      make, run in
      let model = try make()
      let trained = try reachable(model)
      let probe = try Probe(model, &run)
      try probe.backward()
      let once = try trained.map { try $0.gradient?.array(of: Float.self) ?? [] }
      try probe.backward()
      let again = try trained.map { try $0.gradient?.array(of: Float.self) ?? [] }
      try require(
        once == again,
        "without `accumulate`, a second pass gives other gradients: they are not replaced, or the pass depends on what came before"
      )
      try probe.backward(accumulate: true)
      let scales = once.map { $0.lazy.map(abs).max() ?? 0 }
      // A gradient that is zero by its nature, such as that of a bias before a batch norm, is what rounding leaves of larger numbers.
      let rounding = 1e-2 * max(scales.max() ?? 0, 1e-4)
      for (parameter, (before, scale)) in zip(trained, zip(once, scales)) {
        let sum = try parameter.gradient?.array(of: Float.self) ?? []
        try require(
          zip(sum, before).allSatisfy { abs($0 - 2 * $1) <= 1e-4 * max(scale, rounding) },
          "with `accumulate`, the gradient of '\(parameter.name)' is not the sum of both passes")
      }
      do {
        try probe.backward(nil: true)
      } catch is PluginError {
        // A model that needs a gradient may say so.
        return
      }
      let zero = try trained.allSatisfy { try $0.gradient?.array(of: Float.self).allSatisfy { $0 == 0 } ?? true }
      try require(zero, "without a gradient for any output, parameters have gradients that are not zero")
    },
  ]

  static let training: [Law<ModelMaker>] = [
    Law("model.parameters-changed", level: 2, "A value that was changed from outside counts from then on.") {
      make, run in
      let model = try make()
      let input = try run.tensor(model.specification.input, batch: 2)
      let before = try model.forward(input, training: false, seed: 0).map(\.bytes)
      for parameter in model.parameters where parameter.role == .trainable && parameter.value.dtype == .float32 {
        let value = try model.read(parameter)
        let elements = try value.elements(as: Float.self)
        for index in elements.indices { elements[index] = elements[index] * 1.5 + 0.01 }
        try model.write(value, to: parameter)
      }
      try model.parametersChanged()
      try require(
        try model.forward(input, training: false, seed: 0).map(\.bytes) != before,
        "all parameters were changed, and the outputs are the same")
    },
    Law("model.learns", level: 4, "The loss of a few samples falls under gradient descent.") { make, run in
      let model = try make()
      let trained = try reachable(model)
      let probe = try Probe(model, &run)
      let start = try probe.loss()
      var best = start
      // Normalised descent: a rate that fits any model.
      for _ in 0..<40 where best > 0.7 * start {
        try probe.backward()
        let norm = try trained.reduce(0.0) {
          try $0 + ($1.gradient?.array(of: Float.self) ?? []).reduce(0.0) { $0 + Double($1) * Double($1) }
        }.squareRoot()
        for parameter in trained {
          guard let gradient = parameter.gradient else { continue }
          let (values, slopes) = (try parameter.value.elements(as: Float.self), try gradient.elements(as: Float.self))
          for index in values.indices { values[index] -= slopes[index] * Float(0.1 / max(norm, 1e-12)) }
        }
        try model.parametersChanged()
        best = min(best, try probe.loss())
      }
      try require(
        best < 0.9 * start, "after 40 steps the cross entropy of 6 samples is \(Float(best)); it was \(Float(start))")
    },
  ]

  /// The trained parameters whose gradients this process can read.
  private static func reachable(_ model: any Model) throws -> [NamedTensor] {
    let trained = model.parameters.filter { $0.role == .trainable }
    guard trained.allSatisfy({ $0.value.isHere && $0.value.dtype == .float32 }) else {
      throw Skip("the gradients are on a device, or not float32")
    }
    return trained
  }
}

/// A loss over all logits of a few samples: the mean cross entropy against random classes.
private struct Probe {
  let model: any Model
  let input: Tensor
  let classes: [[Int]]
  static let samples = 6

  init(_ model: any Model, _ run: inout LawRun) throws {
    self.model = model
    input = try run.tensor(model.specification.input, batch: Self.samples)
    let outputs = model.specification.outputs
    guard outputs.contains(where: { $0.kind == .logits }) else { throw Skip("the model has no logits") }
    var classes: [[Int]] = []
    for output in outputs {
      classes.append((0..<Self.samples).map { _ in run.random.below(max(output.classes?.count ?? 1, 1)) })
    }
    self.classes = classes
  }

  /// In training mode, with the same drop-out each time.
  func loss() throws -> Double { try evaluate().loss }

  func backward(accumulate: Bool = false, nil empty: Bool = false) throws {
    let gradients = try evaluate().gradients
    try model.backward(empty ? gradients.map { _ in nil } : gradients, accumulate: accumulate)
  }

  private func evaluate() throws -> (loss: Double, gradients: [Tensor?]) {
    let outputs = try model.forward(input, training: true, seed: 11)
    var loss = 0.0
    var gradients: [Tensor?] = []
    for ((output, declared), targets) in zip(zip(outputs, model.specification.outputs), classes) {
      guard declared.kind == .logits else {
        gradients.append(nil)
        continue
      }
      let count = declared.classes?.count ?? 0
      guard output.shape == [targets.count, count] else {
        throw PluginError(
          "'\(declared.name)' is \(output.shape) for \(targets.count) samples of \(count) classes")
      }
      let values = try output.array(of: Float.self)
      let slope = Tensor(output.shape)
      let slopes = try slope.elements(as: Float.self)
      for (row, target) in targets.enumerated() {
        let logits = values[row * count..<(row + 1) * count].map(Double.init)
        let largest = logits.max() ?? 0
        let exponentials = logits.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        loss += (log(sum) + largest - logits[target]) / Double(targets.count)
        for index in 0..<count {
          slopes[row * count + index] = Float(
            (exponentials[index] / sum - (index == target ? 1 : 0)) / Double(targets.count))
        }
      }
      gradients.append(slope)
    }
    return (loss, gradients)
  }

  /// The central difference of the loss along a direction; parameters are put back.
  func slope(along direction: [[Double]], of trained: [NamedTensor], step: Double) throws -> Double {
    // An empty direction: this parameter stays.
    let moved = try zip(trained, direction).filter { !$1.isEmpty }.map {
      (parameter: $0, values: try $0.value.array(of: Float.self), along: $1)
    }
    func move(to distance: Double) throws {
      for (parameter, values, along) in moved {
        let elements = try parameter.value.elements(as: Float.self)
        for index in along.indices { elements[index] = Float(Double(values[index]) + distance * along[index]) }
      }
      try model.parametersChanged()
    }
    func loss(at distance: Double) throws -> Double {
      try move(to: distance)
      return try self.loss()
    }
    let difference = try loss(at: step) - loss(at: -step)
    try move(to: 0)
    return difference / (2 * step)
  }
}

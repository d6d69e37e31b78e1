import CSentryPlugin
import SentryPluginAPI
import Synchronization

/// The toy on a device: its parameters are at an address that nobody can read, and only ``transfer(_:_:write:)`` reaches them.
/// It updates itself by AdamW or SGD, and can keep an average of its weights.
class RemoteToyModel: SelfUpdatingModel, @unchecked Sendable {
  // Unchecked: the border lets nobody call a model twice at once.
  let inner: ToyModel
  let parameters: [NamedTensor]
  /// By name, as the border has them: `exp_avg/…`.
  private var states: [String: [Float]] = [:]
  private let tellsNormLate: Bool
  private var norm = Double.nan
  private(set) var updates: [JSONValue] = []
  private(set) var timesTold = 0
  /// The norm is no number from this update on, counted from 1.
  var unknownFrom = Int.max

  /// This update leaves a weight that is no number.
  var spoiledUpdate: Int?

  init(tasks: [ClassificationTask], temperature: Float? = nil, tellsNormLate: Bool = false) {
    inner = ToyModel(tasks: tasks, temperature: temperature)
    self.tellsNormLate = tellsNormLate
    parameters = inner.parameters.map { parameter in
      // The counter of batches stays on the CPU, as real models have it.
      guard parameter.value.dtype == .float32, let nowhere = UnsafeMutableRawPointer(bitPattern: 64) else {
        return parameter
      }
      let claimed = Tensor(parameter.value.shape, over: nowhere, deviceType: SENTRY_DEVICE_EXTENSION, deviceID: 1)
      return NamedTensor(
        parameter.name, claimed, gradient: parameter.gradient == nil ? nil : claimed, role: parameter.role)
    }
  }

  var specification: ModelSpecification { inner.specification }
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
    try inner.forward(input, training: training, seed: seed)
  }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {
    try inner.backward(gradients, accumulate: accumulate)
  }
  func parametersChanged() throws { timesTold += 1 }

  func transfer(_ name: String, _ tensor: Tensor, write: Bool) throws {
    if let own = inner.parameters.first(where: { $0.name == name }) {
      return write ? try own.value.copy(from: tensor) : try tensor.copy(from: own.value)
    }
    guard let slash = name.firstIndex(of: "/"),
      let parameter = inner.parameters.first(where: { $0.name == name[name.index(after: slash)...] })
    else { throw PluginError.invalid("there is no \(name)") }
    let values = try tensor.elements(as: Float.self)
    if write {
      states[name] = Array(values)
    } else {
      let start = try name.hasPrefix("average/") ? parameter.value.array(of: Float.self) : nil
      for (place, value) in (states[name] ?? start ?? [Float](repeating: 0, count: values.count)).enumerated() {
        values[place] = value
      }
    }
  }

  func update(_ settings: String) throws -> Double {
    let settings = try JSON.decode(JSONValue.self, from: settings, what: "settings")
    updates.append(settings)
    let trained = inner.parameters.filter { $0.role == .trainable }
    var squares = 0.0
    for parameter in trained {
      squares += try parameter.gradient?.elements(as: Float.self).reduce(0) { $0 + Double($1) * Double($1) } ?? 0
    }
    let (before, now) = (norm, squares.squareRoot())
    norm = now
    let limit = settings["max_norm"]?.doubleValue ?? 0
    let clip = limit > 0 ? min(1, limit / (now + 1e-6)) : 1
    for parameter in trained {
      let (p, g) = (try parameter.value.elements(as: Float.self), try parameter.gradient?.elements(as: Float.self))
      guard let g else { throw PluginError("\(parameter.name) has no gradient") }
      let rule = try Rule(settings)
      var slots = rule.slots.map { states["\($0)/\(parameter.name)"] ?? [Float](repeating: 0, count: p.count) }
      for place in p.indices {
        var kept = slots.map { $0[place] }
        rule.apply(&p[place], Float(Double(g[place]) * clip), &kept)
        for slot in slots.indices { slots[slot][place] = kept[slot] }
      }
      for (slot, values) in zip(rule.slots, slots) { states["\(slot)/\(parameter.name)"] = values }
      guard let decay = settings["average_decay"]?.doubleValue.map(Float.init) else { continue }
      let average = states["average/\(parameter.name)"] ?? Array(p)
      states["average/\(parameter.name)"] = zip(average, p).map { decay * $0 + (1 - decay) * $1 }
    }
    if updates.count == spoiledUpdate { try trained[0].value.elements(as: Float.self)[0] = .nan }
    return updates.count >= unknownFrom ? .nan : tellsNormLate ? before : now
  }

  /// PyTorch's AdamW, or its SGD without dampening.
  private struct Rule {
    let slots: [String]
    let apply: (inout Float, Float, inout [Float]) -> Void

    init(_ settings: JSONValue) throws {
      func number(_ name: String) throws -> Float {
        guard let value = settings[name]?.doubleValue else { throw PluginError.invalid("\(name) is missing") }
        return Float(value)
      }
      let (rate, decay) = (try number("lr"), try number("weight_decay"))
      switch settings["optimizer"]?.stringValue {
      case "adamw":
        guard let betas = settings["betas"]?.arrayValue?.compactMap({ $0.doubleValue.map(Float.init) }),
          betas.count == 2,
          let step = settings["step"]?.intValue
        else { throw PluginError.invalid("betas or step are missing") }
        let epsilon = try number("eps")
        func correction(_ beta: Float) -> Float { 1 - (0..<step).reduce(Float(1)) { product, _ in product * beta } }
        let (first, second) = (correction(betas[0]), correction(betas[1]))
        slots = ["exp_avg", "exp_avg_sq"]
        apply = { value, gradient, kept in
          kept[0] = betas[0] * kept[0] + (1 - betas[0]) * gradient
          kept[1] = betas[1] * kept[1] + (1 - betas[1]) * gradient * gradient
          value -= rate * decay * value
          value -= rate * (kept[0] / first) / ((kept[1] / second).squareRoot() + epsilon)
        }
      case "sgd":
        let momentum = try number("momentum")
        slots = ["momentum_buffer"]
        apply = { value, gradient, kept in
          kept[0] = momentum * kept[0] + gradient + decay * value
          value -= rate * kept[0]
        }
      default: throw PluginError("an optimiser that it does not know", code: SENTRY_UNSUPPORTED)
      }
    }
  }
}

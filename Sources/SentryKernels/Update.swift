import CSentryKernels

typealias Slots = UnsafePointer<Target>

/// The kernel of an optimiser by its name, which its rule in SentryLearning has too: a new one has its line here.
func update(_ name: UnsafePointer<CChar>) -> sentry_update? {
  if equal(name, "adamw") { return { adamw($0, AdamWStep($1), $2, $3, $4[0], $4[1]) } }
  if equal(name, "sgd") { return { sgd($0, SGDStep($1), $2, $3, $4) } }
  return nil
}

// Without String, which is generic code.
private func equal(_ name: UnsafePointer<CChar>, _ other: StaticString) -> Bool {
  var index = 0
  while index < other.utf8CodeUnitCount {
    if UInt8(bitPattern: name[index]) != other.utf8Start[index] { return false }
    index += 1
  }
  return name[index] == 0
}

/// rate = lr / (1 - beta1^t), decay = 1 - lr * weight decay, root = 1 / sqrt(1 - beta2^t), clip = the factor on every gradient.
struct AdamWStep {
  let rate, decay, root, epsilon, beta1, beta2, clip: Float

  @inline(__always) init(_ step: Source) {
    (rate, decay, root, epsilon) = (step[0], step[1], step[2], step[3])
    (beta1, beta2, clip) = (step[4], step[5], step[6])
  }
}

/// Loshchilov and Hutter 2019, in the order of operations of PyTorch.
func adamw(_ count: Int, _ step: AdamWStep, _ gradient: Source, _ value: Target, _ mean: Target, _ square: Target) {
  var index = 0
  while index + 16 <= count {
    let g = load(gradient + index) * step.clip
    let old = load(mean + index)
    let m = fused(g - old, Lanes(repeating: 1 - step.beta1), old)
    let v = fused(g * g, Lanes(repeating: 1 - step.beta2), load(square + index) * step.beta2)
    let denominator = fused(sentry_square_root(v), Lanes(repeating: step.root), Lanes(repeating: step.epsilon))
    store(m, mean + index)
    store(v, square + index)
    store(load(value + index) * step.decay - step.rate * m / denominator, value + index)
    index += 16
  }
  while index < count {
    let g = gradient[index] * step.clip
    let m = mean[index] + (g - mean[index]) * (1 - step.beta1)
    let v = square[index] * step.beta2 + g * g * (1 - step.beta2)
    mean[index] = m
    square[index] = v
    value[index] = value[index] * step.decay - step.rate * m / (v.squareRoot() * step.root + step.epsilon)
    index += 1
  }
}

/// rate = lr, decay = weight decay, which is added to the gradient; the value moves along own * gradient + inherited * momentum:
/// 0 and 1, with Nesterov's momentum 1 and the factor of the momentum.
struct SGDStep {
  let rate, decay, momentum, own, inherited, clip: Float

  @inline(__always) init(_ step: Source) {
    (rate, decay, momentum) = (step[0], step[1], step[2])
    (own, inherited, clip) = (step[3], step[4], step[5])
  }
}

/// Polyak 1964, Nesterov 1983, in the order of operations of PyTorch. Without momentum nothing is kept.
func sgd(_ count: Int, _ step: SGDStep, _ gradient: Source, _ value: Target, _ slots: Slots) {
  if step.momentum > 0 {
    sgd(count, step, gradient, value, slots[0])
  } else {
    sgd(count, step, gradient, value)
  }
}

private func sgd(_ count: Int, _ step: SGDStep, _ gradient: Source, _ value: Target, _ momentum: Target) {
  var index = 0
  while index + 16 <= count {
    let old = load(value + index)
    let g = fused(old, Lanes(repeating: step.decay), load(gradient + index) * step.clip)
    let m = load(momentum + index) * step.momentum + g
    store(m, momentum + index)
    store(old - step.rate * fused(m, Lanes(repeating: step.inherited), g * step.own), value + index)
    index += 16
  }
  while index < count {
    let g = gradient[index] * step.clip + value[index] * step.decay
    let m = momentum[index] * step.momentum + g
    momentum[index] = m
    value[index] -= step.rate * (g * step.own + m * step.inherited)
    index += 1
  }
}

private func sgd(_ count: Int, _ step: SGDStep, _ gradient: Source, _ value: Target) {
  var index = 0
  while index + 16 <= count {
    let old = load(value + index)
    store(old - step.rate * fused(old, Lanes(repeating: step.decay), load(gradient + index) * step.clip), value + index)
    index += 16
  }
  while index < count {
    value[index] -= step.rate * (gradient[index] * step.clip + value[index] * step.decay)
    index += 1
  }
}

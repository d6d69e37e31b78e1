import CSentryKernels

func add(_ count: Int, _ source: Source, _ destination: Target) {
  var index = 0
  while index + 16 <= count {
    store(load(source + index) + load(destination + index), destination + index)
    index += 16
  }
  while index < count {
    destination[index] += source[index]
    index += 1
  }
}

@inline(__always) func convert<A: Element>(_: A.Type, _ count: Int, _ source: Source, _ destination: Stored) {
  var index = 0
  while index + 16 <= count {
    A.store(load(source + index), destination, index)
    index += 16
  }
  // The last sixteen end where the source ends; some are written twice.
  if index < count { A.store(load(source + count - 16), destination, count - 16) }
}

func sumOfSquares(_ count: Int, _ x: Source) -> Double {
  var result = 0.0
  var index = 0
  while index < count {
    let end = smaller(index + 16 * flushInterval, count)
    var lanes = Lanes(repeating: 0)
    while index + 16 <= end {
      let value = load(x + index)
      lanes = fused(value, value, lanes)
      index += 16
    }
    var lane = 0
    while lane < 16 {
      result += Double(lanes[lane])
      lane += 1
    }
    while index < end {
      result += Double(x[index]) * Double(x[index])
      index += 1
    }
  }
  return result
}

/// What optimisers do, in ``sentry_kernels``.
func updates() -> sentry_update_kernels {
  sentry_update_kernels(
    adamw: { adamw($0, $1, $2, $3, $4, $5) },
    sgd: { count, step, gradient, value, momentum in
      if let momentum { sgd(count, step, gradient, value, momentum) } else { sgd(count, step, gradient, value) }
    })
}

/// Loshchilov and Hutter 2019, in the order of operations of PyTorch.
func adamw(_ count: Int, _ step: sentry_adamw, _ gradient: Source, _ value: Target, _ mean: Target, _ square: Target) {
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

/// Polyak 1964, Nesterov 1983, in the order of operations of PyTorch.
func sgd(_ count: Int, _ step: sentry_sgd, _ gradient: Source, _ value: Target, _ momentum: Target) {
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

func sgd(_ count: Int, _ step: sentry_sgd, _ gradient: Source, _ value: Target) {
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

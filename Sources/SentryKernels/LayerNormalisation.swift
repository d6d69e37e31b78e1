import CSentryKernels

@inline(__always) private func total(_ lanes: Lanes) -> Float {
  var (sum, lane): (Float, Int) = (0, 0)
  while lane < 16 {
    sum += lanes[lane]
    lane += 1
  }
  return sum
}

func layerNorm(
  _ rows: Int, _ count: Int, _ epsilon: Float, _ x: Source, _ weight: Source, _ bias: Source, _ normalised: Target,
  _ rstd: Target, _ out: Target
) {
  let share = 1 / Float(count)
  var row = 0
  while row < rows {
    let offset = row * count
    var sum = Lanes(repeating: 0)
    var index = 0
    while index < count {
      sum += load(x + offset + index)
      index += 16
    }
    let mean = total(sum) * share
    var squares = Lanes(repeating: 0)
    index = 0
    while index < count {
      let centred = load(x + offset + index) - mean
      squares = fused(centred, centred, squares)
      index += 16
    }
    let inverse = 1 / (total(squares) * share + epsilon).squareRoot()
    rstd[row] = inverse
    index = 0
    while index < count {
      let value = (load(x + offset + index) - mean) * inverse
      store(value, normalised + offset + index)
      store(fused(value, load(weight + index), load(bias + index)), out + offset + index)
      index += 16
    }
    row += 1
  }
}

func layerNormGradient(
  _ rows: Int, _ count: Int, _ dy: Source, _ weight: Source, _ normalised: Source, _ rstd: Source, _ sum: Sums,
  _ products: Sums, _ dx: Target
) {
  let share = 1 / Float(count)
  var row = 0
  while row < rows {
    let offset = row * count
    var (slopes, moments) = (Lanes(repeating: 0), Lanes(repeating: 0))
    var index = 0
    while index < count {
      let (slope, value) = (load(dy + offset + index), load(normalised + offset + index))
      accumulate(slope, into: sum + index)
      accumulate(slope * value, into: products + index)
      let d = slope * load(weight + index)
      slopes += d
      moments = fused(d, value, moments)
      index += 16
    }
    let (mean, product) = (total(slopes) * share, total(moments) * share)
    index = 0
    while index < count {
      let d = load(dy + offset + index) * load(weight + index)
      store((d - mean - load(normalised + offset + index) * product) * rstd[row], dx + offset + index)
      index += 16
    }
    row += 1
  }
}

import SentryImaging

/// Multinomial logistic regression on raw pixels: what a linear classifier can make of a dataset.
struct LogisticRegression {
  private let classes: Int
  private let features: Int
  /// [classes, features + 1]
  private var weights: [Float]

  /// Stochastic gradient descent on cross-entropy with a little weight decay; the rate falls linearly to zero.
  ///
  /// - Parameter inputs: [samples, features], about zero mean and unit variance.
  init(inputs: [Float], labels: [Int], classes: Int, epochs: Int, rate: Float = 0.002, decay: Float = 0.01) {
    self.classes = classes
    features = inputs.count / labels.count
    weights = [Float](repeating: 0, count: classes * (features + 1))
    var random = SplitMix64(seed: 1)
    let steps = Float(epochs * labels.count)
    var step: Float = 0
    for _ in 0..<epochs {
      for sample in random.permutation(labels.count) {
        let now = rate * (1 - step / steps)
        step += 1
        let row = inputs[sample * features..<(sample + 1) * features]
        update(row, label: labels[sample], rate: now, decay: decay)
      }
    }
  }

  private mutating func update(_ row: ArraySlice<Float>, label: Int, rate: Float, decay: Float) {
    var scores = self.scores(row)
    let largest = scores.max() ?? 0
    for index in scores.indices { scores[index] = exponential(scores[index] - largest) }
    let sum = scores.reduce(0, +)
    let (width, keep) = (features + 1, 1 - rate * decay)
    row.withUnsafeBufferPointer { row in
      weights.withUnsafeMutableBufferPointer { weights in
        for index in 0..<classes {
          let slope = rate * (scores[index] / sum - (index == label ? 1 : 0))
          let start = index * width
          for feature in 0..<row.count {
            weights[start + feature] = weights[start + feature] * keep - slope * row[feature]
          }
          weights[start + width - 1] -= slope
        }
      }
    }
  }

  private func scores(_ row: ArraySlice<Float>) -> [Float] {
    row.withUnsafeBufferPointer { row in
      weights.withUnsafeBufferPointer { weights in
        (0..<classes).map { index in
          let start = index * (features + 1)
          // Eight sums at a time, since the compiler may not reorder one.
          var sums = SIMD8<Float>.zero
          var feature = 0
          while feature + 8 <= row.count {
            var (a, b) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            for lane in 0..<8 { (a[lane], b[lane]) = (weights[start + feature + lane], row[feature + lane]) }
            sums += a * b
            feature += 8
          }
          var sum = sums.sum() + weights[start + features]
          while feature < row.count {
            sum += weights[start + feature] * row[feature]
            feature += 1
          }
          return sum
        }
      }
    }
  }

  /// The share of the samples that are classified rightly.
  func accuracy(inputs: [Float], labels: [Int]) -> Double {
    let hits = labels.indices.count { sample in
      let scores = self.scores(inputs[sample * features..<(sample + 1) * features])
      return scores.indices.max { scores[$0] < scores[$1] } == labels[sample]
    }
    return Double(hits) / Double(labels.count)
  }

  /// exp by (1 + x/1024)^1024, near enough for a gradient.
  private func exponential(_ x: Float) -> Float {
    var power = max(1 + x / 1024, 0)
    for _ in 0..<10 { power *= power }
    return power
  }
}

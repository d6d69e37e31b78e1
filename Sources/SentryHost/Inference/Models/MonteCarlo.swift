import Glibc
import SentryPluginAPI
import SentryRuntime

/// What a model answers on average with its drop-out on, and how far its answers spread (Gal and Ghahramani, "Dropout as a
/// Bayesian Approximation", 2016).
package struct MonteCarlo {
  /// Of one task, [samples][classes].
  struct Prediction {
    var mean: [Double]
    /// The standard deviation over the answers, of the population that they are drawn from (n − 1).
    var deviation: [Double]
  }

  package let model: TrainedModel
  /// At least 2.
  package let answers: Int
  package let seed: UInt64

  package init(model: TrainedModel, answers: Int, seed: UInt64) {
    (self.model, self.answers, self.seed) = (model, answers, seed)
  }

  /// One prediction a task.
  /// - Parameter batch: the batch's number, so that no two draw alike.
  func predict(_ inputs: Tensor, batch: Int) throws -> [Prediction] {
    var sums: [Prediction] = []
    for answer in 0..<answers {
      let drawn = Seed.derive(seed, "monte-carlo", UInt64(batch), UInt64(answer))
      let logits = try model.sampledLogits(for: inputs, seed: drawn)
      for (task, tensor) in logits.enumerated() {
        let odds = softmax(try tensor.array(of: Float.self), classes: model.tasks[task].classes.count)
        if answer == 0 {
          sums.append(Prediction(mean: odds, deviation: odds.map { _ in 0 }))
          continue
        }
        // Welford's running mean and sum of squares: no difference of large numbers.
        for (index, value) in odds.enumerated() {
          let difference = value - sums[task].mean[index]
          sums[task].mean[index] += difference / Double(answer + 1)
          sums[task].deviation[index] += difference * (value - sums[task].mean[index])
        }
      }
    }
    return sums.map { sum in
      Prediction(mean: sum.mean, deviation: sum.deviation.map { ($0 / Double(answers - 1)).squareRoot() })
    }
  }
}

/// The probabilities of logits, [rows][classes].
func softmax(_ logits: [Float], classes: Int) -> [Double] {
  stride(from: 0, to: logits.count, by: classes).flatMap { start in
    let row = logits[start..<(start + classes)].map(Double.init)
    let peak = row.max() ?? 0
    let odds = row.map { exp($0 - peak) }
    let sum = odds.reduce(0, +)
    return odds.map { $0 / sum }
  }
}

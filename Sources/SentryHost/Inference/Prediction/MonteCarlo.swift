import SentryPluginAPI
import SentryRuntime

/// What a model answers on average with its drop-out on, and how far its answers spread (Gal and Ghahramani, "Dropout as a
/// Bayesian Approximation", 2016).
package struct MonteCarlo {
  /// Of one task, [samples][classes].
  struct Estimate {
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

  /// One estimate a task.
  /// - Parameter batch: the batch's number, so that no two draw alike.
  func predict(_ inputs: Tensor, batch: Int) throws -> [Estimate] {
    var sums: [Estimate] = []
    for answer in 0..<answers {
      let drawn = Seed.derive(seed, "monte-carlo", UInt64(batch), UInt64(answer))
      let logits = try model.sampledLogits(for: inputs, seed: drawn)
      for (task, tensor) in logits.enumerated() {
        let odds = softmax(try tensor.array(of: Float.self), classes: model.trainedTasks[task].classes.count)
        if answer == 0 {
          sums.append(Estimate(mean: odds, deviation: odds.map { _ in 0 }))
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
      Estimate(mean: sum.mean, deviation: sum.deviation.map { ($0 / Double(answers - 1)).squareRoot() })
    }
  }
}

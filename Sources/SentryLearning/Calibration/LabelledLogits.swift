import Glibc

/// The logits of samples for one task, with the classes that are right.
public struct LabelledLogits: Sendable {
  /// [samples][classes]
  let logits: [Float]
  let targets: [Int32]
  let classes: Int

  /// - Parameters:
  ///   - logits: [samples][classes]
  ///   - targets: one a sample; a sample with ``CrossEntropy/ignored`` does not count.
  /// - Throws: ``NNError`` `.invalidInput` for a target that is no class, or counts that do not fit.
  public init(logits: [Float], targets: [Int32], classes: Int) throws {
    guard classes > 0, logits.count == targets.count * classes else {
      throw NNError(
        .invalidInput, "\(logits.count) logits for \(targets.count) samples of \(classes) classes",
        hint: "give one logit a sample and class")
    }
    guard targets.allSatisfy({ $0 == CrossEntropy.ignored || ($0 >= 0 && $0 < classes) }) else {
      throw NNError(.invalidInput, "a target is no class of \(classes)", hint: "check the dataset's labels")
    }
    (self.logits, self.targets, self.classes) = (logits, targets, classes)
  }

  public var labelledCount: Int { targets.count { $0 >= 0 } }

  /// Of one sample's logits times `sharpness` (one over a temperature): the log of the softmax's denominator, and under that
  /// softmax the mean and variance of the logits themselves.
  func moments(row: Int, sharpness: Double) -> (logNormaliser: Double, mean: Double, variance: Double) {
    let scores = logits[row * classes..<(row + 1) * classes]
    let peak = Double(scores.max() ?? 0)
    var (sum, first, second) = (0.0, 0.0, 0.0)
    for score in scores {
      let odds = exp(sharpness * (Double(score) - peak))
      // About the peak: the variance of large logits would drown in rounding otherwise.
      let distance = Double(score) - peak
      (sum, first, second) = (sum + odds, first + odds * distance, second + odds * distance * distance)
    }
    let mean = first / sum
    return (log(sum) + sharpness * peak, mean + peak, max(0, second / sum - mean * mean))
  }
}

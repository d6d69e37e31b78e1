import Glibc
import SentryPluginAPI

/// What a model answered to one question for a list of samples, beside the truth.
package struct TaskPredictions: Sendable {
  let task: ClassificationTask
  /// The true class of each sample; nil where unlabelled.
  let truth: [Int?]
  /// The class with the largest logit, the first of several.
  let predicted: [Int]
  /// [samples, classes], row by row, each row adding up to 1.
  let probabilities: [Double]

  var count: Int { truth.count }
  var classCount: Int { task.classes.count }

  /// - Parameter logits: [samples, classes], row by row.
  init(_ task: ClassificationTask, truth: [Int?], logits: [Float]) {
    precondition(logits.count == truth.count * task.classes.count, "the logits do not fit the samples")
    (self.task, self.truth) = (task, truth)
    var (predicted, probabilities) = ([Int](), [Double]())
    predicted.reserveCapacity(truth.count)
    probabilities.reserveCapacity(logits.count)
    for row in truth.indices {
      let scores = logits[row * task.classes.count..<(row + 1) * task.classes.count]
      let peak = scores.max() ?? 0
      predicted.append((scores.firstIndex(of: peak) ?? scores.startIndex) - scores.startIndex)
      let odds = scores.map { exp(Double($0) - Double(peak)) }
      let sum = odds.reduce(0, +)
      probabilities += odds.map { $0 / sum }
    }
    (self.predicted, self.probabilities) = (predicted, probabilities)
  }

  /// - Parameter probabilities: [samples, classes], row by row.
  init(_ task: ClassificationTask, truth: [Int?], predicted: [Int], probabilities: [Double]) {
    (self.task, self.truth, self.predicted, self.probabilities) = (task, truth, predicted, probabilities)
  }

  func probability(of label: Int, at sample: Int) -> Double { probabilities[sample * classCount + label] }

  /// The probability of the class that was predicted.
  func confidence(at sample: Int) -> Double { probability(of: predicted[sample], at: sample) }

  /// Positions of the samples that have a label: what every metric is about.
  package var labelled: [Int] { truth.indices.filter { truth[$0] != nil } }
}

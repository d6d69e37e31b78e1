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
    predicted = truth.indices.map { argmax(logits[$0 * task.classes.count..<($0 + 1) * task.classes.count]) }
    probabilities = softmax(logits, classes: task.classes.count)
  }

  /// The means of the probabilities that several sets of logits stand for, as those for several views of the samples.
  ///
  /// - Parameter views: each [samples, classes], row by row; at least one.
  init(_ task: ClassificationTask, truth: [Int?], averaging views: [[Float]]) {
    let classes = task.classes.count
    let probabilities = meanSoftmax(views, classes: classes)
    self.init(
      task, truth: truth,
      predicted: truth.indices.map { argmax(probabilities[$0 * classes..<($0 + 1) * classes]) },
      probabilities: probabilities)
  }

  /// - Parameter probabilities: [samples, classes], row by row.
  init(_ task: ClassificationTask, truth: [Int?], predicted: [Int], probabilities: [Double]) {
    self.task = task
    self.truth = truth
    self.predicted = predicted
    self.probabilities = probabilities
  }

  func probability(of label: Int, at sample: Int) -> Double { probabilities[sample * classCount + label] }

  /// The probability of the class that was predicted.
  func confidence(at sample: Int) -> Double { probability(of: predicted[sample], at: sample) }

  /// Positions of the samples that have a label: what every metric is about.
  package var labelled: [Int] { truth.indices.filter { truth[$0] != nil } }
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

/// The means of the probabilities of several logits, each [rows][classes].
func meanSoftmax(_ views: [[Float]], classes: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: views.first?.count ?? 0)
  for logits in views {
    for (index, probability) in softmax(logits, classes: classes).enumerated() { sums[index] += probability }
  }
  return sums.map { $0 / Double(views.count) }
}

/// The place of the largest of the values, the first of several, counted from 0; 0 where there are none.
package func argmax<Values: RandomAccessCollection>(_ values: Values) -> Int where Values.Element: Comparable {
  var best = values.startIndex
  for index in values.indices where values[index] > values[best] { best = index }
  return values.distance(from: values.startIndex, to: best)
}

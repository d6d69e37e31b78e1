import SentryRuntime

/// A model's answers to a task beside those of the simplest classifier, which gives every sample the most frequent class of the split
/// (scikit-learn's `DummyClassifier`). A model whose accuracy is below that has shown nothing by it, and one that answers likewise has
/// learned nothing.
package struct MajorityBaseline: Sendable, Equatable {
  /// One answer to this share of the samples is one to nearly all of them…
  static let nearlyAll = 0.99
  /// …if this share of the samples of the other classes get it, too: in a split that is nearly all of one class it may be right.
  static let mostOthers = 0.9

  /// The most frequent class, the first of several, and its share of the samples.
  let majority: String
  let majorityShare: Double
  /// The most frequent answer, likewise, and the share of the samples whose class it is.
  let answer: String
  let answerShare, answerSupport: Double
  let accuracy: Double
  /// Whether nearly all samples get ``answer``, whatever their class.
  let isConstant: Bool

  /// nil where the samples are all of one class: there the majority is always right.
  init?(_ confusion: ConfusionMatrix, classes: [String]) {
    let supports = classes.indices.map(confusion.support)
    guard supports.count(where: { $0 > 0 }) > 1 else { return nil }
    let total = Double(confusion.total)
    let answers = classes.indices.map(confusion.predictedCount)
    let (majority, answer) = (argmax(supports), argmax(answers))
    (self.majority, majorityShare) = (classes[majority], Double(supports[majority]) / total)
    (self.answer, answerShare) = (classes[answer], Double(answers[answer]) / total)
    answerSupport = Double(supports[answer]) / total
    accuracy = Double(classes.indices.reduce(0) { $0 + confusion.truePositives($1) }) / total
    let others = Double(answers[answer] - confusion.truePositives(answer)) / (total - Double(supports[answer]))
    isConstant = answerShare >= Self.nearlyAll && others >= Self.mostOthers
  }

  var isBelowMajority: Bool { accuracy < majorityShare }

  /// What a model is told to be that answers so, each as the rest of a sentence about it; none where it does better than the baseline.
  var findings: [String] { [constancy, shortfall].compactMap(\.self) }

  var constancy: String? {
    guard isConstant else { return nil }
    return
      "answers '\(answer)' to \(Self.text(answerShare)) of the samples (it is the class of \(Self.text(answerSupport))): it does not "
      + "tell the classes apart. Its numbers mean nothing."
  }

  var shortfall: String? {
    guard isBelowMajority else { return nil }
    return
      "is right for \(Self.text(accuracy)) of the samples, which is below the share of the majority class: '\(majority)' for all of "
      + "them would be right for \(Self.text(majorityShare))."
  }

  private static func text(_ share: Double) -> String { "\(NumberText.fixed(100 * share, 2)) %" }
}

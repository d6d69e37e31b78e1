extension Metric {
  static let accuracy = Metric(
    key: "accuracy", title: "accuracy", shortTitle: "accuracy", form: .percentage,
    computation: .counts { $0.confusion.accuracy })

  static let balancedAccuracy = Metric(
    key: "balanced_accuracy", title: "balanced accuracy", form: .percentage,
    computation: .counts { $0.confusion.balancedAccuracy })
}

extension ConfusionMatrix {
  /// Top-1 accuracy: the share of samples whose most probable class is the true one; nil without samples.
  var accuracy: Double? {
    let total = total
    return total > 0 ? Double((0..<classCount).reduce(0) { $0 + truePositives($1) }) / Double(total) : nil
  }

  /// The mean recall of the classes that occur (scikit-learn's `balanced_accuracy_score`); nil without samples.
  var balancedAccuracy: Double? {
    let recalls = (0..<classCount).compactMap { label in
      let support = support(label)
      return support > 0 ? Double(truePositives(label)) / Double(support) : nil
    }
    return recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
  }
}

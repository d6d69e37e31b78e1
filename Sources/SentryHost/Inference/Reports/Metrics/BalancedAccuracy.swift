extension ConfusionMatrix {
  /// The mean recall of the classes that occur (scikit-learn's `balanced_accuracy_score`); 0 without samples.
  var balancedAccuracy: Double {
    let recalls = (0..<classCount).compactMap { label in
      let support = support(label)
      return support > 0 ? Double(hits(label)) / Double(support) : nil
    }
    return recalls.isEmpty ? 0 : recalls.reduce(0, +) / Double(recalls.count)
  }
}

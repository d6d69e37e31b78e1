extension ConfusionMatrix {
  /// Top-1 accuracy: the share of samples whose most probable class is the true one; 0 without samples.
  package var accuracy: Double {
    let total = total
    return total > 0 ? Double((0..<classCount).reduce(0) { $0 + hits($1) }) / Double(total) : 0
  }
}

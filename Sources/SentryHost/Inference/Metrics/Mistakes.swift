/// A sample that was taken for another class than its own.
struct Mistake: Sendable, Equatable {
  /// Its position in the list of samples.
  var sample: Int
  var truth, predicted: Int
  /// The probability of the class that was predicted.
  var confidence: Double
}

extension TaskPredictions {
  /// The mistakes of which the model was most sure, the surest first.
  /// - Parameter groups: the person or recording that each sample is of; one mistake of each is told. Empty where none is known.
  func mistakes(atMost limit: Int, groups: [Int?] = []) -> [Mistake] {
    let all = labelled.compactMap { sample -> Mistake? in
      guard let truth = truth[sample], truth != predicted[sample] else { return nil }
      return Mistake(
        sample: sample, truth: truth, predicted: predicted[sample], confidence: confidence(at: sample))
    }
    var seen: Set<Int> = []
    let sorted = all.sorted { ($1.confidence, $0.sample) < ($0.confidence, $1.sample) }.filter { mistake in
      guard groups.indices.contains(mistake.sample), let group = groups[mistake.sample] else { return true }
      return seen.insert(group).inserted
    }
    return Array(sorted.prefix(limit))
  }
}

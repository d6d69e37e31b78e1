import Glibc

/// An exponential moving average of probabilities over time, for each instance and task by itself.
struct Smoothing {
  private struct Key: Hashable { let id, answer: Int }
  /// Seconds after which a value counts 1/e.
  let constant: Double
  private var averages: [Key: (values: [Double], time: Double)] = [:]

  init(constant: Double) { self.constant = constant }

  /// The averages with the new answers of an instance in them. An instance without an id is not averaged.
  mutating func smooth(_ answers: [LiveFrame.Answer], id: Int?, at time: Double) -> [LiveFrame.Answer] {
    guard constant > 0, let id else { return answers }
    return answers.enumerated().map { number, answer in
      var answer = answer
      let key = Key(id: id, answer: number)
      if let old = averages[key] {
        let weight = exp(-max(time - old.time, 0) / constant)
        answer.probabilities = zip(old.values, answer.probabilities).map { weight * $0 + (1 - weight) * $1 }
      }
      averages[key] = (answer.probabilities, time)
      return answer
    }
  }

  /// Forgets what was not seen for long.
  mutating func forget(before time: Double) { averages = averages.filter { $0.value.time >= time } }
}

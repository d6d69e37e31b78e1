import SentryPluginAPI

extension Prediction {
  /// The means of the probabilities over predictions for several views of the same samples; one prediction stays as it is.
  ///
  /// - Parameter views: at least one.
  /// - Throws: ``PluginError`` where they are of different samples.
  init(averaging views: [Prediction]) throws {
    guard let first = views.first else { throw PluginError("there is nothing to average") }
    self = first
    guard views.count > 1 else { return }
    guard views.allSatisfy({ $0.names == first.names }) else {
      throw PluginError.badData(
        "a sample could be read for one view and not for another", hint: "another program is writing the files")
    }
    for task in answers.indices {
      answers[task].probabilities = meanSoftmax(
        views.map { $0.answers[task].logits }, classes: answers[task].task.classes.count)
      answers[task].logits = []
    }
  }

  /// Adds the samples of another prediction for the same tasks.
  mutating func append(_ other: Prediction) {
    names += other.names
    for task in answers.indices {
      answers[task].logits += other.answers[task].logits
      answers[task].probabilities += other.answers[task].probabilities
      if let deviations = other.answers[task].deviations { answers[task].deviations?.append(contentsOf: deviations) }
    }
  }
}

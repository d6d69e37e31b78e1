import SentryPluginAPI

/// What live models said about one frame.
package struct LiveFrame: Sendable {
  /// The answer of one model to one task.
  package struct Answer: Sendable {
    package let task: ClassificationTask
    /// They add up to 1.
    package var probabilities: [Double]

    /// The class with the largest probability, the first of several.
    package var predicted: Int { argmax(probabilities) }
    package var label: String { task.classes[predicted] }
    package var confidence: Double { probabilities[predicted] }
  }

  /// An instance, with what the models said about it.
  package struct Sighting: Sendable {
    package let detector: String
    /// What the detector finds, as a word.
    package let what: String
    package var instance: Instance
    package var answers: [Answer] = []
    /// Frames of the longest window that is not complete yet; nil if all models answered.
    package var waiting: (have: Int, need: Int)?
  }

  package let index: Int
  package let time: Double
  package let width, height: Int
  package var sightings: [Sighting] = []
}

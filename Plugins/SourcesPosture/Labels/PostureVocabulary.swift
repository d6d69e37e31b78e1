import SentryPosture

/// The three questions and their classes, as the posture datasets have them on disk.
enum PostureVocabulary {
  static let posture = PostureTasks.posture.classes
  static let stress = PostureTasks.stress.classes
  static let trajectory = PostureTasks.trajectory.classes

  static let tasks = PostureTasks.all.map { (name: $0.name, classes: $0.classes) }

  /// The number of a class that a table names, or gives as its number.
  static func index(of text: String, in classes: [String]) -> Int? {
    let word = text.lowercased()
    if let index = classes.firstIndex(of: word) { return index }
    return Int(word).flatMap { classes.indices.contains($0) ? $0 : nil }
  }
}

/// What is known of one sequence; what is not known is absent, and masked in the loss.
struct PostureLabels: Codable, Hashable, Sendable {
  var posture, stress, trajectory: Int?
  /// Who it is, prefixed with the set; splits never part a subject.
  var subject: String?

  var isEmpty: Bool { posture == nil && stress == nil && trajectory == nil }
}

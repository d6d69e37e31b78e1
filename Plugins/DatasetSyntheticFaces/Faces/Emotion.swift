/// The classes that can be drawn, by the names of the vocabulary.
enum Emotion: String, CaseIterable, Sendable {
  case neutral, happy, sad, surprise, fear, anger
}

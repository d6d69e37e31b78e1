extension ClassVocabulary {
  /// The six emotions of Sentry. Disgust and contempt are left out: not every dataset has them.
  public static let emotion = ClassVocabulary(
    ["neutral", "happy", "sad", "surprise", "fear", "anger"],
    aliases: [
      "anger": ["angry"], "happy": ["happiness"], "sad": ["sadness"], "fear": ["afraid"], "surprise": ["surprised"],
    ],
    dropped: ["disgust": ["disgusted"], "contempt": []])
}

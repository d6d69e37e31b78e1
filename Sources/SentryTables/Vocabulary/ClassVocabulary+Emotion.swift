import SentryPluginAPI

extension ClassVocabulary {
  /// The six emotions of Sentry, which all datasets of faces have. Disgust and contempt are left out.
  public static let emotion = EmotionClasses.six.vocabulary
}

/// How many emotions a model tells apart. Each number adds classes at the end, so that an index means the same in all of them.
public enum EmotionClasses: Int, CaseIterable, Sendable, Codable {
  /// Without disgust and contempt.
  case six = 6
  /// With disgust: what results on FER2013 and RAF-DB are published for.
  case seven = 7
  /// With contempt, too: what results on AffectNet and FER+ are published for.
  case eight = 8

  private static let names = ["neutral", "happy", "sad", "surprise", "fear", "anger", "disgust", "contempt"]
  private static let aliases = [
    "anger": ["angry"], "happy": ["happiness"], "sad": ["sadness"], "fear": ["afraid"], "surprise": ["surprised"],
    "disgust": ["disgusted"],
  ]
  private static let vocabularies = Dictionary(
    uniqueKeysWithValues: allCases.map { size in
      let (kept, dropped) = (Array(names.prefix(size.rawValue)), names.dropFirst(size.rawValue))
      return (
        size,
        ClassVocabulary(
          kept, aliases: aliases.filter { kept.contains($0.key) },
          dropped: Dictionary(uniqueKeysWithValues: dropped.map { ($0, aliases[$0, default: []]) }))
      )
    })

  public var vocabulary: ClassVocabulary { Self.vocabularies[self] ?? ClassVocabulary([]) }

  /// The option `classes` of a dataset.
  public static func option(upTo largest: EmotionClasses) -> OptionDeclaration {
    .integer(
      "classes", six.rawValue, minimum: six.rawValue, maximum: largest.rawValue,
      "Emotions that are told apart: 6, or 7 with disgust\(largest == .eight ? ", or 8 with contempt, too" : "").")
  }
}

import SentryTables

/// What votes make of an image: the rules of FER+'s authors (github.com/microsoft/FERPlus). A class with a single vote is an
/// outlier, and its vote counts for nothing.
enum FERPlusRule {
  /// The columns in the table's order, which decides between equals. The last two are no emotions.
  static let names = [
    "neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF",
  ]
  private static let emotions = 8

  /// The class that has more than half of the votes.
  static func majority(of votes: [Int], in vocabulary: ClassVocabulary) -> ClassVocabulary.Meaning {
    let counted = withoutOutliers(votes)
    guard let first = counted.indices.first(where: { counted[$0] * 2 > counted.reduce(0, +) }) else { return unclear }
    return meaning(of: first, in: vocabulary)
  }

  /// What the votes are for, and the shares of the vocabulary's classes in them. Classes are taken from the most votes down, equals
  /// together, until they have three quarters of the votes or are three, or until one that is no emotion comes. Where they have no
  /// more than half of the votes, or are more than three, nobody can tell.
  static func shares(of votes: [Int], in vocabulary: ClassVocabulary) -> (
    meaning: ClassVocabulary.Meaning, shares: [Float]
  ) {
    var rest = withoutOutliers(votes)
    let total = rest.reduce(0, +)
    var taken = rest.map { _ in 0 }
    var (seen, count, onlyEmotions) = (0, 0, true)
    while 4 * seen < 3 * total, count < 3, onlyEmotions {
      let most = rest.max() ?? 0
      for column in rest.indices where rest[column] == most {
        rest[column] = 0
        seen += most
        onlyEmotions = column < emotions
        // What is no emotion counts only where it comes first.
        if onlyEmotions || count == 0 {
          taken[column] = most
          count += 1
        }
        if !onlyEmotions { break }
      }
    }
    guard 2 * taken.reduce(0, +) > total, count <= 3,
      let first = taken.indices.first(where: { taken[$0] == taken.max() })
    else { return (unclear, []) }
    var shares = [Float](repeating: 0, count: vocabulary.classes.count)
    for column in 0..<emotions {
      if case .kept(let label) = meaning(of: column, in: vocabulary) { shares[label] = Float(taken[column]) }
    }
    let sum = shares.reduce(0, +)
    return (meaning(of: first, in: vocabulary), sum > 0 ? shares.map { $0 / sum } : [])
  }

  /// What an image is that nobody can tell.
  private static let unclear = ClassVocabulary.Meaning.dropped("without a majority")
  /// What an image is that the authors took out.
  static let noFace = ClassVocabulary.Meaning.dropped("no face")

  private static func withoutOutliers(_ votes: [Int]) -> [Int] { votes.map { $0 > 1 ? $0 : 0 } }

  private static func meaning(of column: Int, in vocabulary: ClassVocabulary) -> ClassVocabulary.Meaning {
    guard column < emotions else { return column == emotions ? unclear : noFace }
    return vocabulary.meaning(of: names[column]) ?? unclear
  }
}

/// The numbers that one dataset gives to classes, translated by name.
public struct ClassNumbering: Sendable {
  /// The dataset's own names: number *n* is `names[n - first]`.
  public let names: [String]
  /// The number of the first name.
  public let first: Int
  private let meanings: [ClassVocabulary.Meaning]

  /// - Parameter leftOut: names of this numbering that the vocabulary need not know, because nobody trains on them.
  public init(_ names: [String], in vocabulary: ClassVocabulary, leftOut: Set<String> = [], first: Int = 0) {
    (self.names, self.first) = (names, first)
    meanings = names.map { name in
      if leftOut.contains(name) { return .dropped(name) }
      guard let meaning = vocabulary.meaning(of: name) else {
        preconditionFailure("the numbering names '\(name)', which the vocabulary does not know")
      }
      return meaning
    }
  }

  /// nil for a number that the dataset does not use.
  public func meaning(of number: Int) -> ClassVocabulary.Meaning? {
    let (place, overflow) = number.subtractingReportingOverflow(first)
    return !overflow && meanings.indices.contains(place) ? meanings[place] : nil
  }

  /// nil for a name that is not the dataset's own.
  public func meaning(named name: some StringProtocol) -> ClassVocabulary.Meaning? {
    names.firstIndex(of: name.lowercased()).map { meanings[$0] }
  }

  /// What the numbers mean, for hints: "0 angry, 1 disgust, …".
  public var legend: String { names.enumerated().map { "\($0 + first) \($1)" }.joined(separator: ", ") }
}

/// The numbers that one dataset gives to classes, translated by name into any vocabulary.
public struct ClassNumbering: Sendable {
  /// The dataset's own names: number *n* is `names[n - first]`.
  public let names: [String]
  /// The number of the first name.
  public let first: Int
  /// Names that no vocabulary needs to know, because nobody trains on them.
  public let leftOut: Set<String>

  public init(_ names: [String], leftOut: Set<String> = [], first: Int = 0) {
    (self.names, self.first, self.leftOut) = (names, first, leftOut)
  }

  /// nil for a number that the dataset does not use.
  public func name(of number: Int) -> String? {
    let (place, overflow) = number.subtractingReportingOverflow(first)
    return !overflow && names.indices.contains(place) ? names[place] : nil
  }

  /// nil for a number that the dataset does not use.
  public func meaning(of number: Int, in vocabulary: ClassVocabulary) -> ClassVocabulary.Meaning? {
    name(of: number).flatMap { meaning(named: $0, in: vocabulary) }
  }

  /// nil for a name that is not the dataset's own.
  public func meaning(named name: some StringProtocol, in vocabulary: ClassVocabulary) -> ClassVocabulary.Meaning? {
    let name = name.lowercased()
    guard names.contains(name) else { return nil }
    return leftOut.contains(name) ? .dropped(name) : vocabulary.meaning(of: name)
  }

  /// What the numbers mean, for hints: "0 angry, 1 disgust, …".
  public var legend: String { names.enumerated().map { "\($0 + first) \($1)" }.joined(separator: ", ") }
}

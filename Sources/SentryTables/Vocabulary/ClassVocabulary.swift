/// The classes of a task in their fixed order, the other names that data use for them, and the names that are known but
/// left out. Names are compared without regard to case and surrounding blanks; positions are never compared.
public struct ClassVocabulary: Sendable {
  /// What a name stands for.
  public enum Meaning: Hashable, Sendable {
    /// An index into ``ClassVocabulary/classes``.
    case kept(Int)
    /// A class that the task leaves out, by its usual name.
    case dropped(String)
  }

  public let classes: [String]
  private let meanings: [String: Meaning]

  /// - Parameters:
  ///   - aliases: other names of a class, by class.
  ///   - dropped: names that are recognised and left out.
  public init(_ classes: [String], aliases: [String: [String]] = [:], dropped: [String: [String]] = [:]) {
    var meanings: [String: Meaning] = [:]
    for (index, name) in classes.enumerated() {
      for spelling in [name] + aliases[name, default: []] { meanings[Self.key(spelling)] = .kept(index) }
    }
    for (name, aliases) in dropped {
      for spelling in [name] + aliases { meanings[Self.key(spelling)] = .dropped(name) }
    }
    (self.classes, self.meanings) = (classes, meanings)
  }

  /// nil for a name that is not known.
  public func meaning(of name: some StringProtocol) -> Meaning? { meanings[Self.key(name)] }

  /// The spellings that ``meaning(of:)`` knows, for hints.
  public var knownNames: [String] { meanings.keys.sorted() }

  private static func key(_ name: some StringProtocol) -> String {
    String(name.trimmingBlanks).lowercased()
  }
}

extension StringProtocol {
  /// Without the spaces, tabs and carriage returns at both ends.
  public var trimmingBlanks: SubSequence {
    func isBlank(_ character: Character) -> Bool {
      character == " " || character == "\t" || character == "\r" || character == "\n" || character == "\r\n"
    }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
      return self[startIndex..<startIndex]
    }
    return self[first...last]
  }
}

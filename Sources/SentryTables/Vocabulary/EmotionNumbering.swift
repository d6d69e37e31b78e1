import SentryPluginAPI

/// The numbers that published sets of faces give to emotions. They contradict each other, and a folder called 3 does not say
/// whose number it is: only a table of a known form does, or the user.
public enum EmotionNumbering: String, CaseIterable, Sendable, Codable {
  /// AffectNet (Mollahosseini, Hasani and Mahoor, 2017).
  case affectnet
  /// The challenge of 2013 (Goodfellow et al.).
  case fer2013
  /// RAF-DB, basic emotions (Li, Deng and Du, 2017).
  case rafdb
  /// CK+ (Lucey et al., 2010).
  case ckplus

  public var classes: ClassNumbering { Self.numberings[self] ?? ClassNumbering([]) }

  private static let numberings: [EmotionNumbering: ClassNumbering] = [
    .affectnet: ClassNumbering(
      [
        "neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt", "none", "uncertain", "no-face",
      ], leftOut: ["none", "uncertain", "no-face"]),
    .fer2013: ClassNumbering(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]),
    .rafdb: ClassNumbering(["surprise", "fear", "disgust", "happy", "sad", "anger", "neutral"], first: 1),
    .ckplus: ClassNumbering(["neutral", "anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise"]),
  ]

  /// What the option `numbering` says.
  public enum Choice: String, CaseIterable, Sendable, Codable {
    /// Numbers without a known meaning are refused.
    case ask
    case affectnet, fer2013, rafdb, ckplus

    public var numbering: EmotionNumbering? { EmotionNumbering(rawValue: rawValue) }
  }

  public static let option = OptionDeclaration.choice(
    "numbering", Choice.ask.rawValue, of: Choice.allCases.map(\.rawValue),
    "Whose numbers class folders and labels are, where they are numbers; ask refuses them, because sets number emotions "
      + "differently.")

  /// What a run says of how it read numbers.
  /// - Parameter what: whose numbers: `the class folders`.
  public func note(_ what: String) -> String { "\(what) are numbers, read as those of \(rawValue): \(classes.legend)" }

  /// For numbers that nothing explains.
  /// - Parameter place: where they are, with what they are: `data/train: the class folders`.
  public static func undecided(_ place: String, _ numbers: some Sequence<Int>) -> PluginError {
    let numbers = Set(numbers).sorted()
    let fitting = allCases.filter { one in numbers.allSatisfy { one.classes.name(of: $0) != nil } }
    let list = numbers.prefix(12).map(String.init).joined(separator: ", ") + (numbers.count > 12 ? ", …" : "")
    return .invalid(
      "\(place) are numbers (\(list)), and sets number emotions differently",
      hint: fitting.isEmpty
        ? "no numbering that is known here has all of them: write the classes' names instead"
        : "say whose they are: "
          + fitting.map { "--set dataset.numbering=\($0.rawValue) (\($0.classes.legend))" }.joined(separator: " or "))
  }
}

extension ClassVocabulary {
  /// A class as folders and tables write it: by its name, or by its number where it is known whose numbers they are.
  public func meaning(of text: some StringProtocol, numbers: EmotionNumbering?) -> Meaning? {
    let text = text.trimmingBlanks
    if let number = Int(text) { return numbers?.classes.meaning(of: number, in: self) }
    // Some names stand in a numbering only, because nobody trains on them.
    return meaning(of: text) ?? numbers?.classes.meaning(named: text, in: self)
  }
}

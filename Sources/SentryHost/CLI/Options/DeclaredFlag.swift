import ArgumentParser

/// A flag that data declare and no property does. ArgumentParser reads a group's options by reflecting over a fresh instance,
/// and reflection can be told what to show: so `--help`, completions and the suggestion for a misspelt flag are its own.
struct DeclaredFlag: Sendable {
  enum Value: Sendable {
    /// None: the flag is given or not.
    case none
    case text(_ name: String)
    case file(_ name: String)
    case folder(_ name: String)
    case choice(of: [String])
  }

  /// Without the dashes.
  let name: String
  let value: Value
  var help = ""
  var discussion = ""
  /// What holds without the flag.
  var fallback: String?
  /// Still read, and not shown.
  var isHidden = false

  /// What reflection shows.
  var child: Mirror.Child { (label: "_" + name, value: declaration) }

  private var declaration: Any {
    let described = ArgumentHelp(
      fallback.map { "\(help) (default: \($0))" } ?? help, discussion: discussion, valueName: valueName,
      visibility: isHidden ? .hidden : .default)
    if case .none = value { return Flag(wrappedValue: false, name: .customLong(name), help: described) }
    return Option<String?>(name: .customLong(name), help: described, completion: completion)
  }

  private var valueName: String? {
    switch value {
    case .none: nil
    case .text(let name), .file(let name), .folder(let name): name
    case .choice(let choices): choices.joined(separator: "|")
    }
  }

  private var completion: CompletionKind? {
    switch value {
    case .none, .text: nil
    case .file: .file()
    case .folder: .directory
    case .choice(let choices): .list(choices)
    }
  }

  /// What was given: nil for nothing, `.some(nil)` for a flag without a value.
  func given(in container: KeyedDecodingContainer<Key>) throws -> String?? {
    let key = Key(stringValue: name)
    if case .none = value { return try container.decode(Flag<Bool>.self, forKey: key).wrappedValue ? .some(nil) : nil }
    return try container.decode(Option<String?>.self, forKey: key).wrappedValue.map(Optional.some)
  }

  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

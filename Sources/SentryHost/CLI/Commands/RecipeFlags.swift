import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// The flags that a recipe brings, as ArgumentParser sees them: it reads a group's options by reflecting over a fresh
/// instance, and reflection can be told what to show. The recipe is known before parsing; so `--help`, completions and the
/// suggestion for a misspelt flag come from ArgumentParser itself.
struct RecipeFlags: ParsableArguments, CustomReflectable {
  /// What was given, by flag: the text of an option, nil for a flag without a value.
  private(set) var given: [String: String?] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for flag in CommandContext.shared.flags {
      let key = Key(stringValue: flag.name)
      if flag.kind == .boolean {
        if try container.decode(Flag<Bool>.self, forKey: key).wrappedValue { given[flag.name] = .some(nil) }
      } else if let text = try container.decode(Option<String?>.self, forKey: key).wrappedValue {
        given[flag.name] = text
      }
    }
  }

  var customMirror: Mirror {
    Mirror(
      self,
      children: CommandContext.shared.flags.map { flag in
        (label: "_" + flag.name, value: Self.declaration(of: flag))
      })
  }

  static func declaration(of flag: Recipe.Flag) -> Any {
    let visibility = flag.replacedBy == nil ? ArgumentVisibility.default : .hidden
    if flag.kind == .boolean {
      return Flag(
        wrappedValue: false, name: .customLong(flag.name), help: ArgumentHelp(flag.help, visibility: visibility))
    }
    return Option<String?>(
      name: .customLong(flag.name),
      help: ArgumentHelp(flag.help, valueName: flag.kind.rawValue, visibility: visibility),
      completion: flag.kind == .path ? .file() : nil)
  }

  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension Recipe {
  /// What keeps the recipe from standing on the command line, or nil.
  func flagProblem(reserved: Set<String>) -> String? {
    var seen: Set<String> = []
    for flag in flags {
      if reserved.contains(flag.name) {
        return "recipe '\(name)': its flag --\(flag.name) is an option of sentry itself"
      }
      guard LoadedPlugin.isName(flag.name) else { return "recipe '\(name)': '\(flag.name)' cannot be a flag's name" }
      guard seen.insert(flag.name).inserted else { return "recipe '\(name)': two flags are called --\(flag.name)" }
      guard !flag.sets.isEmpty else { return "recipe '\(name)': its flag --\(flag.name) sets nothing" }
      for address in flag.sets
      where (try? OptionAssignment.address(address, source: .recipe(name))) == nil {
        return "recipe '\(name)': its flag --\(flag.name) sets '\(address)', which is not scope.option"
      }
    }
    return nil
  }
}

import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// The options of the run that are flags: see ``RunOptions/table`` and ``DeclaredFlag``.
struct RunFlags: ParsableArguments, CustomReflectable {
  /// One flag that was given.
  struct Given: Sendable {
    let option: RunOption
    /// As it was typed, which may be a former name.
    let name: String
    let value: OptionAssignment.Value

    var assignment: OptionAssignment {
      OptionAssignment(
        scope: .run, name: option.name, value: value, source: .commandLine("--\(name)"), folder: Paths.working)
    }
    /// What the user is told of a former name.
    var note: String? { name == option.name ? nil : "--\(name) is now called --\(option.name)" }
  }

  private(set) var given: [Given] = []

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: DeclaredFlag.Key.self)
    for option in RunOptions.table {
      // The name of today comes last and so counts where both are given.
      for flag in option.flags(defaults: [:]).reversed() {
        guard let text = try flag.given(in: container) else { continue }
        given.append(
          Given(option: option, name: flag.name, value: text.map(OptionAssignment.Value.text) ?? .value(true)))
      }
    }
  }

  var customMirror: Mirror {
    let defaults = CommandContext.shared.defaults
    return Mirror(self, children: RunOptions.table.flatMap { $0.flags(defaults: defaults) }.map(\.child))
  }

  static var names: [String] { RunOptions.table.flatMap { $0.flags(defaults: [:]) }.map(\.name) }
}

extension RunOption {
  /// Its flag under the name of today, then under those of the past; empty for an option without one.
  ///
  /// - Parameter defaults: the recipe's, by address, over the option's own.
  func flags(defaults: [String: JSONValue]) -> [DeclaredFlag] {
    guard let flag else { return [] }
    let (value, discussion): (DeclaredFlag.Value, String) =
      switch flag {
      case .toggle: (.none, "")
      case .value(let name?, let discussion): (.text(name), discussion)
      case .value(nil, let discussion):
        (.choice(of: (property.choices ?? []).compactMap(\.stringValue)), discussion)
      case .file(let name, let discussion): (.file(name), discussion)
      case .folder(let name, let discussion): (.folder(name), discussion)
      }
    let fallback = (defaults["\(OptionScope.run.rawValue).\(name)"] ?? property.fallback)?.shownAsDefault
    return [
      DeclaredFlag(name: name, value: value, help: property.help, discussion: discussion, fallback: fallback)
    ] + property.formerNames.map { DeclaredFlag(name: $0, value: value, help: "Is now --\(name).", isHidden: true) }
  }
}

extension JSONValue {
  /// As help shows a default; nil for what needs no word: null, false, an empty text.
  var shownAsDefault: String? {
    switch self {
    case .null, .bool(false), .string(""): nil
    case .bool(true): "on"
    case .string(let text): text
    default: try? JSON.text(self)
    }
  }
}

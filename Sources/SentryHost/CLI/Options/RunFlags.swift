import ArgumentParser
import SentryPluginAPI
import SentryRuntime
import SentryTraining

/// The options of the run that are flags: see ``RunOptions/table`` and ``DeclaredFlag``.
struct RunFlags: ParsableArguments, CustomReflectable {
  private(set) var given: [RunRequest.Flag] = []

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: DeclaredFlag.Key.self)
    for option in RunOptions.table {
      // The name of today comes last and so counts where both are given.
      for flag in option.flags(defaults: [:]).reversed() {
        guard let text = try flag.given(in: container) else { continue }
        given.append(
          .init(option, name: flag.name, value: text.map(OptionAssignment.Value.text) ?? .value(true)))
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

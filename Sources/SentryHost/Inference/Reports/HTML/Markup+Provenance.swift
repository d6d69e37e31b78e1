import SentryPluginAPI
import SentryRuntime

extension Markup {
  /// Which files of code took part.
  static func plugins(_ components: [EvaluationReport.About.Component]) -> Markup {
    table(
      ["component", "name", "plugin", "version", "SHA-256 of the plugin"],
      components.flatMap { component -> [[String]] in
        let choice = component.choice
        return [[component.kind, choice.name, choice.plugin, choice.version, choice.sha256]]
          + (choice.library.map { [["", "", "its library \($0.name)", "", $0.sha256 ?? ""]] } ?? [])
      }, numbers: false)
  }

  /// The options of a scope, one a row.
  static func options(_ title: String, _ options: JSONValue) -> Markup {
    let rows = (options.objectValue ?? [:]).sorted { $0.key < $1.key }.map { [$0.key, text($0.value)] }
    return rows.isEmpty ? "" : "<h3>\(title)</h3>\n\(table(["option", "value"], rows, numbers: false))"
  }

  static func machine(_ machine: Machine, _ place: ModelPlace) -> Markup {
    let device = [("the model's device", place.device), ("the model's precision", place.precision)]
    return table(
      ["", ""],
      [
        ["processor", machine.cpu], ["cores", "\(machine.cores)"],
        ["memory", "\(NumberText.fixed(Double(machine.memoryBytes) / 1e9, 1)) GB"], ["system", machine.system],
      ] + device.compactMap { name, value in value.map { [name, $0] } } + [["sentry", Version.sentry]], numbers: false)
  }

  static func command(_ words: [String]) -> Markup {
    "<pre>\(ShellText.command(words))</pre>\n"
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .null: "–"
    default: (try? JSON.text(value)) ?? "?"
    }
  }
}

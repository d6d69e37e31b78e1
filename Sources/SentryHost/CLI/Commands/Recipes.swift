import ArgumentParser
import SentryPluginAPI
import SentryRuntime

struct Recipes: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Lists the recipes of sentry train.")

  @OptionGroup var global: GlobalOptions
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let registry = Registry(try global.discover())
    if json { return Console.result(try JSON.text(registry.recipes, pretty: true)) }
    guard !registry.recipes.isEmpty else { throw registry.missing(["a recipe"]) }
    let reserved = CommandContext.reservedNames
    for recipe in registry.recipes {
      Console.result("\(recipe.name): \(recipe.summary)")
      Console.result(TextTable.text(recipe.parts(registry), indent: "  "))
      if let problem = recipe.flagProblem(reserved: reserved) { Console.result("  unusable: \(problem)") }
    }
  }
}

extension Recipe {
  /// Each kind with the component that the recipe names.
  fileprivate func parts(_ registry: Registry) -> [[String]] {
    func offered(_ kind: ComponentKind, _ name: String) -> String {
      let known = registry.find(kind, name) != nil || (kind == .dataset && name == Registry.autoDataset)
      return name + (known ? "" : " (no plugin offers it)")
    }
    return components.map { kind, name in [kind.rawValue, offered(kind, name)] }
  }

  /// What `plugins inspect` shows: components, models in order of preference, defaults, flags.
  func text(_ registry: Registry) throws -> String {
    var parts = parts(registry)
    if let models { parts.append(["preferred models", models.joined(separator: ", ")]) }
    var text = "recipe \(name)\n  \(TerminalText.line(summary))\n" + TextTable.text(parts, indent: "  ") + "\n"
    if !defaults.isEmpty {
      let rows = try defaults.sorted { $0.key < $1.key }.map { [$0.key, try JSON.text($0.value)] }
      text += TextTable.text([["option", "default of the recipe"]] + rows, indent: "  ") + "\n"
    }
    let shown = flags.filter { $0.replacedBy == nil }
    if !shown.isEmpty {
      let rows = shown.map { ["--\($0.name)", $0.kind.rawValue, $0.sets.joined(separator: ", "), $0.help] }
      text += TextTable.text([["flag", "value", "sets", ""]] + rows, indent: "  ") + "\n"
    }
    return text
  }
}

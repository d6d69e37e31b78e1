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
      let parts = recipe.components.map { kind, name in
        let known = registry.find(kind, name) != nil || (kind == .dataset && name == "auto")
        return [kind.rawValue, name + (known ? "" : " (no plugin offers it)")]
      }
      Console.result(TextTable.text(parts, indent: "  "))
      if let problem = recipe.flagProblem(reserved: reserved) { Console.result("  unusable: \(problem)") }
    }
  }
}

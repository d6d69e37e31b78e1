import ArgumentParser
import SentryPluginAPI
import SentryRuntime
import SentryTraining

/// The flags that a recipe brings; it is known before parsing. See ``DeclaredFlag``.
struct RecipeFlags: ParsableArguments, CustomReflectable {
  /// What was given, by flag: the text of an option, nil for a flag without a value.
  private(set) var given: [String: String?] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: DeclaredFlag.Key.self)
    for flag in CommandContext.shared.flags {
      if let text = try flag.declared().given(in: container) { given[flag.name] = text }
    }
  }

  var customMirror: Mirror {
    let context = CommandContext.shared
    return Mirror(self, children: context.flags.map { $0.declared(defaults: context.defaults).child })
  }
}

extension Recipe.Flag {
  /// - Parameter defaults: what the options that it sets are without it, by address.
  func declared(defaults: [String: JSONValue] = [:]) -> DeclaredFlag {
    let value: DeclaredFlag.Value =
      switch kind {
      case .boolean: .none
      case .path: .file(kind.rawValue)
      case .integer, .number, .string: .text(kind.rawValue)
      }
    // A flag without a value stands for one of many: its default would be about the option, not about the flag.
    let fallback = kind == .boolean ? nil : sets.lazy.compactMap { defaults[$0]?.shownAsDefault }.first
    return DeclaredFlag(name: name, value: value, help: help, fallback: fallback, isHidden: replacedBy != nil)
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
      guard LoadedPlugin.isName(flag.name) else { return "recipe '\(name)': '\(flag.name)' is not a valid flag name" }
      guard seen.insert(flag.name).inserted else { return "recipe '\(name)': two flags are called --\(flag.name)" }
      guard !flag.sets.isEmpty else { return "recipe '\(name)': its flag --\(flag.name) sets nothing" }
      for address in flag.sets
      where (try? OptionAssignment.address(address, source: .recipe(name))) == nil {
        return "recipe '\(name)': its flag --\(flag.name) sets '\(address)', which is not scope.option"
      }
    }
    if let sizeFlag, !seen.contains(sizeFlag) {
      return "recipe '\(name)': its size_flag '\(sizeFlag)' is none of its flags"
    }
    return nil
  }

  /// What holds where the user says nothing, by address: the recipe's defaults over those of its components.
  func effectiveDefaults(_ registry: Registry) -> [String: JSONValue] {
    var all: [String: JSONValue] = [:]
    var schemas: [OptionScope: OptionSchema] = [:]
    schemas[.run] = try? RunOptions.schema()
    for kind in ComponentKind.ofRuns {
      guard let name = components[kind] else { continue }
      all[kind.rawValue] = .string(name)
      // A component that is missing, or a schema that is wrong, is told when the run is made.
      schemas[OptionScope(kind)] = registry.find(kind, name).flatMap { try? $0.schema() }
    }
    for (scope, schema) in schemas {
      for property in schema.settable { all["\(scope.rawValue).\(property.name)"] = property.fallback }
    }
    all["run.output"] = .string(RunPlanner.output(of: self))
    for (address, value) in defaults {
      guard let (scope, name) = try? OptionAssignment.address(address, source: .recipe(self.name)) else { continue }
      all["\(scope.rawValue).\(schemas[scope]?.property(called: name)?.name ?? name)"] = value
    }
    return all
  }
}

import SentryPluginAPI
import SentryRuntime

/// What the user asked for, before it is checked.
package struct RunRequest {
  package var recipe: Recipe
  /// The components that stand in place of the recipe's; the augmenter `none` leaves it out, the dataset `auto` is recognised.
  package var named: ByKind<String>
  /// The options of a configuration file.
  package var configuration: [OptionAssignment]
  /// The flags of the run, over the configuration file.
  package var flags: [Flag]
  /// The recipe's flags, with their texts; nil for a flag without a value.
  package var recipeFlags: [String: String?]
  /// `scope.option=value`, over all else.
  package var settings: [String]
  package var command: [String]

  package init(
    recipe: Recipe, named: ByKind<String>, configuration: [OptionAssignment], flags: [Flag],
    recipeFlags: [String: String?], settings: [String], command: [String]
  ) {
    self.recipe = recipe
    self.named = named
    self.configuration = configuration
    self.flags = flags
    self.recipeFlags = recipeFlags
    self.settings = settings
    self.command = command
  }

  /// The components of the run.
  var components: ByKind<String> {
    var components = recipe.components
    for (kind, name) in named { components[kind] = name }
    return components
  }

  /// A flag of the run that was given.
  package struct Flag: Sendable {
    package let option: RunOption
    /// As it was typed, which may be a former name.
    package let name: String
    package let value: OptionAssignment.Value

    package init(_ option: RunOption, name: String, value: OptionAssignment.Value) {
      (self.option, self.name, self.value) = (option, name, value)
    }

    package var assignment: OptionAssignment {
      OptionAssignment(
        scope: .run, name: option.name, value: value, source: .commandLine("--\(name)"), folder: Paths.working)
    }
    /// What the user is told of a former name.
    package var note: String? { name == option.name ? nil : "--\(name) is now called --\(option.name)" }
  }
}

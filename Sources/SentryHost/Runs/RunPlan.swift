import SentryPluginAPI

/// Everything that decides what a run computes, after defaults, recipe, configuration file and command line were merged.
/// Kept in run.json, and read back from there by `--resume`.
struct RunPlan: Codable, Sendable {
  /// One component, the plugin that it came from, and its options after defaults.
  struct Choice: Codable, Sendable {
    var name: String
    var plugin: String
    var version: String
    /// SHA-256 of the plugin's file, in hexadecimal.
    var sha256: String
    /// The foreign library, where the plugin's file is a manifest.
    var library: PluginDeclaration.Library?
    var options: JSONValue
    /// The same as run.json has them, where a run goes on that knew some of them under former names. Not kept.
    var recordedOptions: JSONValue?

    enum CodingKeys: String, CodingKey { case name, plugin, version, sha256, library, options }

    /// As people are told: the component, and the plugin that it comes from.
    var title: String { "\(name) (\(plugin) \(version))" }
  }

  var recipe: Recipe
  /// The command line as it was typed.
  var command: [String]
  var run: RunOptions
  var dataset: Choice
  var augmenter: Choice?
  var model: Choice
  var trainer: Choice

  var choices: ByKind<Choice> { [.dataset: dataset, .augmenter: augmenter, .model: model, .trainer: trainer] }
}

/// The live components of a plan, checked to fit each other.
struct RunComponents: Sendable {
  var dataset: ImportedDataset
  /// nil: samples are fed to the model as they are.
  var augmenter: ImportedAugmenter?
  var model: ImportedModel
  var trainer: ImportedTrainer
}

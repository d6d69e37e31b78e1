import SentryPluginAPI

/// Everything that decides what a run computes, after defaults, recipe, configuration file and command line were merged.
/// Kept in run.json, and read back from there by `--resume`.
package struct RunPlan: Codable, Sendable {
  /// One component, the plugin that it came from, and its options after defaults.
  package struct Choice: Codable, Sendable {
    package var name: String
    package var plugin: String
    package var version: String
    /// SHA-256 of the plugin's file, in hexadecimal.
    package var sha256: String
    /// The foreign library, where the plugin's file is a manifest.
    package var library: PluginDeclaration.Library?
    package var options: JSONValue
    /// The same as run.json has them, where a run goes on that knew some of them under former names. Not kept.
    package var recordedOptions: JSONValue?

    enum CodingKeys: String, CodingKey { case name, plugin, version, sha256, library, options }

    /// As people are told: the component, and the plugin that it comes from.
    package var title: String { "\(name) (\(plugin) \(version))" }
  }

  package var recipe: Recipe
  /// The command line as it was typed.
  package var command: [String]
  package var run: RunOptions
  package var dataset: Choice
  package var augmenter: Choice?
  package var model: Choice
  package var trainer: Choice

  package init(
    recipe: Recipe, command: [String], run: RunOptions, dataset: Choice, augmenter: Choice? = nil, model: Choice,
    trainer: Choice
  ) {
    self.recipe = recipe
    self.command = command
    self.run = run
    self.dataset = dataset
    self.augmenter = augmenter
    self.model = model
    self.trainer = trainer
  }

  package var choices: ByKind<Choice> { [.dataset: dataset, .augmenter: augmenter, .model: model, .trainer: trainer] }
}

/// The live components of a plan, checked to fit each other.
package struct RunComponents: Sendable {
  package var dataset: ImportedDataset
  /// nil: samples are fed to the model as they are.
  package var augmenter: ImportedAugmenter?
  package var model: ImportedModel
  package var trainer: ImportedTrainer

  package init(
    dataset: ImportedDataset, augmenter: ImportedAugmenter? = nil, model: ImportedModel, trainer: ImportedTrainer
  ) {
    self.dataset = dataset
    self.augmenter = augmenter
    self.model = model
    self.trainer = trainer
  }
}

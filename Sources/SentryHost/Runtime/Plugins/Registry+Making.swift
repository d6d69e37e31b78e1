import CSentryPlugin
import SentryPluginAPI

extension Registry {
  package func makeDataset(_ choice: RunPlan.Choice) throws -> ImportedDataset {
    try make(.dataset, choice) { try ImportedDataset(adopting: $0) }
  }

  package func makeAugmenter(_ choice: RunPlan.Choice) throws -> ImportedAugmenter {
    try make(.augmenter, choice) { try ImportedAugmenter(adopting: $0) }
  }

  package func makeModel(_ choice: RunPlan.Choice) throws -> ImportedModel {
    try make(.model, choice) { try ImportedModel(adopting: $0) }
  }

  package func makeTrainer(_ choice: RunPlan.Choice) throws -> ImportedTrainer {
    try make(.trainer, choice) { try ImportedTrainer(adopting: $0) }
  }

  package func makeSource(_ choice: RunPlan.Choice) throws -> ImportedSource {
    try make(.source, choice) { try ImportedSource(adopting: $0) }
  }

  /// The components of a plan around a dataset that is already made.
  package func makeComponents(_ plan: RunPlan, dataset: ImportedDataset) throws -> RunComponents {
    RunComponents(
      dataset: dataset, augmenter: try plan.augmenter.map(makeAugmenter), model: try makeModel(plan.model),
      trainer: try makeTrainer(plan.trainer))
  }

  private func make<Object, Component>(
    _ kind: ComponentKind, _ choice: RunPlan.Choice, adopt: (UnsafeMutablePointer<Object>) throws -> Component
  ) throws -> Component {
    let entry = try entry(kind, choice.name)
    let plugin = try load(entry)
    do {
      return try adopt(
        try plugin.make(kind, choice.name, options: try JSON.text(choice.options), as: Object.self))
    } catch let error as PluginError {
      throw PluginError("\(entry.title): \(error.message)", hint: error.hint, code: error.code)
    }
  }

  /// A component as a plan names it, with the true hashes of its plugin's files.
  package func choice(_ entry: Entry, options: [String: JSONValue]) throws -> RunPlan.Choice {
    var library = entry.plugin.foreign
    if let file = library?.file { library?.sha256 = try FileIdentity.sha256(of: file) }
    return RunPlan.Choice(
      name: entry.declaration.name, plugin: entry.plugin.name, version: entry.plugin.version,
      sha256: try FileIdentity.sha256(of: entry.file), library: library, options: .object(options))
  }
}

import CSentryPlugin
import SentryPluginAPI

extension Registry {
  func makeDataset(_ choice: RunPlan.Choice) throws -> ImportedDataset {
    try make(.dataset, choice) { try ImportedDataset(adopting: $0) }
  }

  func makeAugmenter(_ choice: RunPlan.Choice) throws -> ImportedAugmenter {
    try make(.augmenter, choice) { try ImportedAugmenter(adopting: $0) }
  }

  func makeModel(_ choice: RunPlan.Choice) throws -> ImportedModel {
    try make(.model, choice) { try ImportedModel(adopting: $0) }
  }

  func makeTrainer(_ choice: RunPlan.Choice) throws -> ImportedTrainer {
    try make(.trainer, choice) { try ImportedTrainer(adopting: $0) }
  }

  func makeSource(_ choice: RunPlan.Choice) throws -> ImportedSource {
    try make(.source, choice) { try ImportedSource(adopting: $0) }
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
  func choice(_ entry: Entry, options: [String: JSONValue]) throws -> RunPlan.Choice {
    var library = entry.plugin.foreign
    let files = try entry.checkedFiles()
    if let file = files.library { library?.sha256 = try file.sha256() }
    return RunPlan.Choice(
      name: entry.declaration.name, plugin: entry.plugin.name, version: entry.plugin.version,
      sha256: try files.plugin.sha256(), library: library, options: .object(options))
  }
}

import SentryPluginAPI

extension Registry {
  /// Makes a component of whatever kind is asked for.
  /// - Parameter wayOut: what a user can do without the files that the component asks for, for the error where one is not
  ///   installed; beside installing it and naming another.
  package func make<Component: ImportedComponent>(
    _ choice: RunPlan.Choice, as type: Component.Type = Component.self, withoutFiles wayOut: String? = nil
  ) throws -> Component {
    guard let kind = ComponentKind(border: type.kind) else {
      throw PluginError("unknown component kind \(type.kind)")
    }
    let entry = try entry(kind, choice.name)
    let options = try placed(discovery.store.complete(choice.options, of: entry, wayOut: wayOut), of: entry)
    let plugin = try load(entry)
    do {
      return try type.init(
        adopting: plugin.make(kind, choice.name, options: try JSON.text(options)),
        as: Callee(kind, choice.name, of: entry.file))
    } catch let error as PluginError {
      throw error.titled(entry.title)
    }
  }

  /// Why a component cannot work on a device of this machine: `cpu`, `cuda:1`, or `auto`, which stands for any device but the CPU.
  /// nil where it can, or where it does not say: then it works wherever its file loads. Loads its plugin where it has a say.
  package func hindrance(to entry: Entry, on device: String) throws -> PluginError? {
    guard entry.declaration.asksDevices else { return nil }
    return try load(entry).hindrance(entry.kind, entry.declaration.name, on: device)
  }

  /// The components of a plan around a dataset that is already made.
  package func makeComponents(_ plan: RunPlan, dataset: ImportedDataset) throws -> RunComponents {
    RunComponents(
      dataset: dataset, augmenter: try plan.augmenter.map { try make($0) }, model: try make(plan.model),
      trainer: try make(plan.trainer))
  }

  /// The components of the plan of a run that is under way, around its dataset. The model's weights come from elsewhere: it need not
  /// draw any.
  package func remakeComponents(_ plan: RunPlan, dataset: ImportedDataset) throws -> RunComponents {
    var plan = plan
    if try entry(.model, plan.model.name).schema().properties[OptionProperty.loadsWeights]?.isHostFilled == true {
      plan.model.options = .object(
        (plan.model.options.objectValue ?? [:]).merging([OptionProperty.loadsWeights: true]) { $1 })
    }
    return try makeComponents(plan, dataset: dataset)
  }

  /// A component as a plan names it, with the true hashes of its plugin's files.
  package func choice(_ entry: Entry, options: [String: JSONValue]) throws -> RunPlan.Choice {
    var options = options
    // It is no property of what is made, but of where.
    if try entry.declaresDevice { options[Device.option] = nil }
    var library = entry.plugin.foreign
    let files = try entry.checkedFiles()
    if let file = files.library { library?.sha256 = try file.sha256() }
    return RunPlan.Choice(
      name: entry.declaration.name, plugin: entry.plugin.name, version: entry.plugin.version,
      sha256: try files.plugin.sha256(), library: library, options: .object(options))
  }
}

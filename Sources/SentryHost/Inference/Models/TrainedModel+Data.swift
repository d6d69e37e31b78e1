import Glibc
import SentryPluginAPI
import SentryRuntime

extension TrainedModel {
  /// The data that a trained model is to be used on.
  package struct DataRequest: Sendable {
    /// The dataset's name, `auto`, or nil for the one that the model was trained on.
    var dataset: String?
    /// The file or folder; nil for a dataset that needs none.
    var data: String?
    /// `--set dataset.option=value`.
    var settings: [String] = []

    package init(dataset: String? = nil, data: String? = nil, settings: [String] = []) {
      (self.dataset, self.data, self.settings) = (dataset, data, settings)
    }
  }

  /// The dataset that is asked for. One of the name that the model was trained on has the options of the training where
  /// nothing else is said.
  package func makeDataset(_ request: DataRequest, registry: Registry) throws -> (
    dataset: ImportedDataset, name: String
  ) {
    let choice = try datasetChoice(request, registry: registry)
    return (try registry.make(choice), choice.name)
  }

  /// The same, before it is made.
  package func datasetChoice(_ request: DataRequest, registry: Registry) throws -> RunPlan.Choice {
    let entry = try registry.entry(.dataset, try datasetName(request, registry))
    let schema = try entry.schema()
    let recorded = schema.current(
      dataset?.name == entry.declaration.name ? dataset?.options ?? [:] : [:], .dataset, in: path)
    var assignments = recorded.filter { schema.properties[$0.key].map { !$0.isHostFilled && !$0.isPath } ?? false }
      .map { name, value in
        OptionAssignment(
          scope: .dataset, name: name, value: .value(value), source: .file(path, line: nil), folder: Paths.working)
      }
    assignments += try request.settings.map(OptionAssignment.setting)
    let resolver = OptionResolver(holders: [.dataset: OptionHolder(title: entry.title, schema: schema)])
    if let other = assignments.first(where: { $0.scope != .dataset }) {
      throw PluginError.invalid(
        "\(other.source): only options of the dataset and the model can be set here",
        hint: "--set dataset.option=value, or --set model.option=value")
    }
    var values = try resolver.resolve(.dataset, resolver.current(assignments))
    for (name, value) in recorded where schema.properties[name]?.isHostFilled == true { values[name] = value }
    if schema.properties["seed"]?.isHostFilled == true, values["seed"] == nil { values["seed"] = 42 }
    try takePath(request.data, of: entry, schema, into: &values)
    return try registry.choice(entry, options: values)
  }

  private func datasetName(_ request: DataRequest, _ registry: Registry) throws -> String {
    if request.dataset == Registry.autoDataset {
      guard let data = request.data else {
        throw PluginError.invalid("--dataset auto needs --data", hint: "give the file or folder to recognise")
      }
      return try registry.recognise(data)
    }
    guard let name = request.dataset ?? dataset?.name else {
      throw PluginError.invalid(
        "\(path) does not say which dataset it was trained on", hint: "name the reader of the data with --dataset")
    }
    return name
  }

  private func takePath(
    _ data: String?, of entry: Registry.Entry, _ schema: OptionSchema, into values: inout [String: JSONValue]
  ) throws {
    let takesPath = schema.properties[OptionSchema.pathOption]?.isPath == true
    if let data {
      guard takesPath else {
        throw PluginError.invalid(
          "\(entry.title) reads no files", hint: "leave --data out, or choose another --dataset")
      }
      guard access(data, F_OK) == 0 else {
        throw PluginError.invalid(
          "--data \(data): \(Paths.lastError)", hint: "give the file or folder that the dataset reads")
      }
      values[OptionSchema.pathOption] = .string(Paths.absolute(data, from: Paths.working))
    } else if takesPath, values[OptionSchema.pathOption] == nil {
      throw PluginError.invalid("--data is missing: \(entry.title) reads a file or folder", hint: "give --data PATH")
    }
  }

  /// The augmenter of the training, which prepares samples as they were then; nil where there was none.
  package func makeAugmenter(registry: Registry) throws -> ImportedAugmenter? {
    try augmenterChoice(registry: registry).map { try registry.make($0) }
  }

  /// The same, before it is made.
  func augmenterChoice(registry: Registry) throws -> RunPlan.Choice? {
    guard let augmenter else { return nil }
    let entry = try registry.entry(.augmenter, augmenter.name)
    let schema = try entry.schema()
    let options = schema.current(augmenter.options, .augmenter, in: path)
    for (name, value) in options {
      guard let property = schema.properties[name] else {
        throw PluginError.invalid(
          "\(path): \(entry.title) no longer has the option '\(name)'", hint: "use the plugin that it was trained with")
      }
      if !property.isHostFilled, let problem = property.problem(with: value) {
        throw PluginError.invalid("\(path): augmenter.\(name) \(problem)")
      }
    }
    return try registry.choice(entry, options: options)
  }
}

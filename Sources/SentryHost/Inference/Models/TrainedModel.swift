import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// A checkpoint as something to compute with: its model, made by the plugin that it names and filled with its weights.
package struct TrainedModel {
  /// A component of the run that wrote the checkpoint, with its options but for files.
  package struct Recorded: Sendable {
    package var name: String
    package var options: [String: JSONValue]
  }

  package let path: String
  /// Completed epochs; nil where the file does not say.
  package let epoch: Int?
  package var model: ImportedModel { asked.model }
  /// What answers.
  package let asked: AskedModel
  /// The model's plugin as it is now, and the options of the training.
  package let choice: RunPlan.Choice
  /// What it answers; the logits of each bear its name.
  package let tasks: [ClassificationTask]
  /// Those of the tasks whose heads learned nothing: they answer all the same, and their answers mean nothing.
  package let untrainedTasks: [String]
  package let recipe: String
  package let normalisation: JSONValue?
  /// What it was trained on; nil in a checkpoint that does not tell.
  package let dataset: Recorded?
  /// What brought the dataset's samples to the model's input; nil where nothing did.
  package let augmenter: Recorded?
  /// What made the samples that it was trained on, where the dataset said: another model, for example.
  package let origin: JSONValue?
  /// How it is used on photographs and videos; older checkpoints take it from their recipe. nil if nothing says.
  package let live: Recipe.Live?

  /// What the user should know of how the file was read.
  package let notes: [String]

  /// - Parameters:
  ///   - recipe: what a file of another program holds a model of; nil to tell by its tensors.
  ///   - use: what is to be otherwise than the file states.
  /// - Throws: ``PluginError`` naming the file where it says of no model, or where the model's tensors and the file's do not
  ///   agree.
  package init(_ path: String, registry: Registry, recipe: String? = nil, use: ModelUse = .asTrained) throws {
    let (file, provenance) = try ModelFile(path).described(by: registry, recipe: recipe)
    let about = file.about ?? [:]
    let making = try Making(about, use, registry, path: path)
    try file.checkUnfolded()
    let tasks = try (about["tasks"]?.arrayValue ?? []).map { task in
      guard let name = task["name"]?.stringValue, let classes = task["classes"]?.arrayValue?.map(\.stringValue),
        !classes.contains(nil)
      else { throw PluginError.invalid("\(path): its tasks are not readable", hint: "the file is damaged or foreign") }
      return ClassificationTask(name, classes: classes.compactMap { $0 })
    }
    choice = making.choice
    let model: ImportedModel = try registry.make(making.choiceToFill())
    asked = AskedModel(model)
    if registry.device == .cpu { try RunComponents.checkOnCPU(model, name: choice.name) }
    if !use.isAsTrained { try making.check(model, tasks: tasks, input: about["input"]) }
    (self.path, self.tasks, epoch, untrainedTasks) = (path, tasks, file.epoch, about.untrainedTasks)
    self.recipe = about["recipe"]?.stringValue ?? ""
    normalisation = about["normalisation"].flatMap { $0 == .null ? nil : $0 }
    origin = about["origin"].flatMap { $0 == .null ? nil : $0 }
    live =
      try Self.live(about["live"], path) ?? registry.recipes.first { $0.name == about["recipe"]?.stringValue }?.live
    (dataset, augmenter) = (try Self.recorded(about["dataset"], path), try Self.recorded(about["augmenter"], path))
    notes =
      [provenance].compactMap(\.self) + making.notes
      + [file.note(onExtra: try file.fill(model))].compactMap(\.self)
  }

  private static func recorded(_ component: JSONValue?, _ path: String) throws -> Recorded? {
    guard let component, component.objectValue != nil else { return nil }
    guard let name = component["name"]?.stringValue, let options = component["options"]?.objectValue else {
      throw PluginError.invalid("\(path): its components are not readable", hint: "the file is damaged or foreign")
    }
    return Recorded(name: name, options: options)
  }

  private static func live(_ recorded: JSONValue?, _ path: String) throws -> Recipe.Live? {
    guard let recorded, recorded != .null else { return nil }
    return try JSON.decode(from: try JSON.text(recorded), what: "\(path): 'live'")
  }

  /// The tasks whose answers mean something.
  package var trainedTasks: [ClassificationTask] { tasks.filter { !untrainedTasks.contains($0.name) } }

  /// A sentence on the tasks that are left out of answers; nil where there are none.
  /// - Throws: ``PluginError`` where no task is left.
  package func noteOnUntrainedTasks() throws -> String? {
    guard !untrainedTasks.isEmpty else { return nil }
    guard !trainedTasks.isEmpty else {
      throw PluginError.invalid(
        "\(path): no task was trained: the training labels are missing or all of one class",
        hint: "train on data with labels of at least two classes")
    }
    let names = untrainedTasks.map { "'\($0)'" }.joined(separator: ", ")
    let isOne = untrainedTasks.count == 1
    return
      "\(isOne ? "the task \(names) was" : "the tasks \(names) were") not trained and \(isOne ? "is" : "are") left out: "
      + "\(isOne ? "its" : "their") training labels are missing or all of one class"
  }

  /// The logits of each trained task, [N, classes], for inputs [N, …] as the model's specification asks.
  package func logits(for inputs: Tensor) throws -> [Tensor] {
    try logits(among: asked.answer(inputs))
  }

  /// The same with drop-out on, as the seed draws it.
  /// - Throws: ``PluginError`` `SENTRY_UNSUPPORTED` where the model has none.
  func sampledLogits(for inputs: Tensor, seed: UInt64) throws -> [Tensor] {
    try logits(among: asked.sample(inputs, seed: seed))
  }

  private func logits(among outputs: [Tensor]) throws -> [Tensor] {
    try trainedTasks.map { task in
      guard let index = model.specification.outputs.firstIndex(where: { $0.kind == .logits && $0.name == task.name })
      else { throw PluginError("the model has no logits for '\(task.name)'") }
      return outputs[index]
    }
  }
}

extension JSONValue {
  /// nil for what JSON does not have: bytes, tensors, keys that are no texts.
  package init?(_ pickle: PickleValue) {
    switch pickle {
    case .none: self = .null
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .integer(value)
    case .float(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .list(let values), .tuple(let values):
      let elements = values.compactMap(JSONValue.init)
      guard elements.count == values.count else { return nil }
      self = .array(elements)
    case .dict(let dictionary):
      var members: [String: JSONValue] = [:]
      for (key, value) in dictionary.pairs {
        guard case .string(let name) = key, let member = JSONValue(value) else { return nil }
        members[name] = member
      }
      self = .object(members)
    case .bigInt, .bytes, .tensor: return nil
    }
  }
}

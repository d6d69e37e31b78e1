import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// A state of a run: its progress, the model's values, and all of the trainer.
struct SavedState: Sendable {
  typealias Tensors = [(name: String, tensor: StoredTensor)]

  var progress: Progress
  var model: Tensors
  var trainer: Tensors
  /// What ``Trainer/save()`` gave.
  var trainerState: JSONValue

  init(progress: Progress, model: Tensors, trainer: Tensors, trainerState: JSONValue) {
    self.progress = progress
    self.model = model
    self.trainer = trainer
    self.trainerState = trainerState
  }

  /// Throws ``FormatError`` or ``PluginError`` where something is missing or damaged.
  init(_ value: PickleValue, file: String) throws {
    guard let progress = value["progress"]?.string, let trainerState = value["trainer_state"]?.string,
      let model = value["model"], let trainer = value["trainer"]
    else { throw PluginError.badData("\(file) is not a saved state") }
    self.init(
      progress: try JSON.decode(from: progress, what: file), model: try model.stateDict(file: file),
      trainer: try trainer.stateDict(file: file), trainerState: try JSON.decode(from: trainerState, what: file))
  }

  func pickle() throws -> PickleValue {
    .dict([
      "progress": .string(try JSON.text(progress)), "trainer_state": .string(try JSON.text(trainerState)),
      "model": .stateDict(model), "trainer": .stateDict(trainer),
    ])
  }
}

extension SavedState {
  /// Copies saved tensors to where they came from. The names must be the same on both sides, in any order.
  static func restore(_ saved: Tensors, to targets: [NamedTensor], what: String, through model: ImportedModel) throws {
    let byName = Dictionary(saved.map { ($0.name, $0.tensor) }) { first, _ in first }
    guard byName.count == targets.count else {
      throw PluginError.invalid(
        "the saved state has \(byName.count) tensors of the \(what), which has \(targets.count)",
        hint: "resume with the plugin that the run began with")
    }
    for target in targets {
      guard let stored = byName[target.name], stored.shape == target.value.shape,
        let dtype = SentryPluginAPI.DType(stored.dtype), dtype == target.value.dtype
      else {
        throw PluginError.invalid(
          "'\(target.name)' of the \(what) is \(target.value.dtype) \(target.value.shape); the saved state has "
            + (byName[target.name].map { "\($0.dtype) \($0.shape)" } ?? "none"),
          hint: "resume with the plugin that the run began with")
      }
      try target.restore(from: stored, through: model)
    }
  }
}

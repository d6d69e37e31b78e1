import SentryFormats
import SentryInference
import SentryPluginAPI

/// Where a run begins that does not begin at random: the weights of a file and, where it has one, the optimiser's state.
/// The file is a checkpoint of Sentry or of PyTorch (`model_state_dict`, `optimizer_state_dict`), a state dict, or
/// safetensors.
struct StartingPoint {
  let path: String
  private let file: ModelFile

  /// - Throws: ``FormatError`` or ``PluginError`` where the file holds no weights.
  init(_ path: String) throws {
    self.path = path
    file = try ModelFile(path)
    try file.checkUnfolded()
  }

  /// Fills parameters and buffers; each must be there, with its shape.
  ///
  /// - Returns: what the user should know of it; nil where everything was used.
  func fill(_ model: ImportedModel) throws -> String? { file.note(onExtra: try file.fill(model)) }

  /// Fills the trainer's state from the optimiser's; the trainer's own learning rate and schedule hold. The state is left where it
  /// belongs to another optimiser or to other trained parameters.
  ///
  /// - Returns: how many tensors were taken, 0 where the file has none; and what the user should know of it.
  func fill(_ trainer: ImportedTrainer, of model: ImportedModel) throws -> (count: Int, note: String?) {
    guard let optimizer = file.optimizer else { return (0, nil) }
    // An average begins anew, with the weights.
    let state = try trainer.state().filter { !$0.isOfAverage }
    guard let slots = slots(of: optimizer, model) else {
      return (0, "\(path): the state of its optimiser is not used, because it is that of other trained parameters")
    }
    guard !slots.isEmpty else { return (0, nil) }
    if let missing = state.first(where: { slots[$0.name] == nil }) {
      return (
        0,
        "\(path): the state of its optimiser is not used, because it has no \(missing.name): it is that of another optimiser or of other trained parameters"
      )
    }
    for tensor in state {
      if let stored = slots[tensor.name] { try tensor.take(stored, through: model, file: path) }
    }
    // What the trainer keeps beside the tensors, such as the number of steps, follows from them.
    try trainer.restore(trainer.save())
    return (state.count, nil)
  }

  /// PyTorch's numbers are places in the lists `params` of the groups. Which parameters those are, `param_names` says; else
  /// all of the model's in order, or those that train; nil where it fits none of these.
  private func slots(of optimizer: PickleValue, _ model: ImportedModel) -> [String: StoredTensor]? {
    let groups = optimizer["param_groups"]?.elements ?? []
    let numbers = groups.flatMap { ($0["params"]?.elements ?? []).map(\.int) }
    let stated = groups.flatMap { ($0["param_names"]?.elements ?? []).compactMap(\.string) }
    let candidates = [
      stated, model.parameters.filter { $0.role != .buffer }.map(\.name),
      model.parameters.filter { $0.role == .trainable }.map(\.name),
    ]
    guard let names = candidates.first(where: { !$0.isEmpty && $0.count == numbers.count }) else { return nil }
    var result: [String: StoredTensor] = [:]
    for (number, name) in zip(numbers, names) {
      guard let number, let members = optimizer["state"]?.dictionary?[.int(number)]?.dictionary else { continue }
      for (key, value) in members.pairs {
        if case .string(let slot) = key, let tensor = value.tensor { result["\(slot)/\(name)"] = tensor }
      }
    }
    return result
  }
}

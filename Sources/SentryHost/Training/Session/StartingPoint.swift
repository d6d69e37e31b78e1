import SentryFormats
import SentryInference
import SentryPluginAPI

/// Where a run begins that does not begin at random: the weights of a file and, where it has one, the optimiser's state.
/// The file is a checkpoint of Sentry or of PyTorch (`model_state_dict`, `optimizer_state_dict`), a state dict, or
/// safetensors.
struct StartingPoint {
  let path: String
  private let weights: [String: StoredTensor]
  private let optimizer: PickleValue?

  /// - Throws: ``FormatError`` or ``PluginError`` where the file holds no weights.
  init(_ path: String) throws {
    self.path = path
    let file = try ModelFile(path)
    guard file.folded.isEmpty else {
      throw PluginError.invalid(
        "\(path) has its batch norms folded into convolutions, for other runtimes", hint: "give the checkpoint itself")
    }
    weights = Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    optimizer = file.optimizer
  }

  /// Fills parameters and buffers; each must be there, with its shape.
  func fill(_ model: ImportedModel) throws {
    for parameter in model.parameters {
      guard let tensor = weights[parameter.name] else {
        throw PluginError.invalid(
          "\(path): the tensor \(parameter.name) is missing",
          hint: "the file is of another model; inspect it with sentry inspect")
      }
      try Self.restore(parameter, from: tensor, through: model, path)
    }
    try model.parametersChanged()
  }

  /// Fills the trainer's state from the optimiser's; the trainer's own learning rate and schedule hold.
  ///
  /// - Returns: how many tensors were taken; 0 where the file has none.
  func fill(_ trainer: ImportedTrainer, of model: ImportedModel) throws -> Int {
    guard let optimizer else { return 0 }
    let slots = try slots(of: optimizer, model)
    guard !slots.isEmpty else { return 0 }
    let state = try trainer.state()
    for tensor in state {
      guard let stored = slots[tensor.name] else {
        throw PluginError.invalid(
          "\(path): the optimiser's state has no \(tensor.name)",
          hint:
            "it is of another optimiser or trains other parameters; give the weights alone (sentry export --format pth)"
        )
      }
      try Self.restore(tensor, from: stored, through: model, path)
    }
    // What the trainer keeps beside the tensors, such as the number of steps, follows from them.
    try trainer.restore(trainer.save())
    return state.count
  }

  /// PyTorch's numbers are places in the lists `params` of the groups. Which parameters those are, `param_names` says; else
  /// all of the model's in order, or those that train.
  private func slots(of optimizer: PickleValue, _ model: ImportedModel) throws -> [String: StoredTensor] {
    let groups = optimizer["param_groups"]?.elements ?? []
    let numbers = groups.flatMap { ($0["params"]?.elements ?? []).map(\.int) }
    let stated = groups.flatMap { ($0["param_names"]?.elements ?? []).compactMap(\.string) }
    let candidates = [
      stated, model.parameters.filter { $0.role != .buffer }.map(\.name),
      model.parameters.filter { $0.role == .trainable }.map(\.name),
    ]
    guard let names = candidates.first(where: { !$0.isEmpty && $0.count == numbers.count }) else {
      throw PluginError.invalid(
        "\(path): its optimiser trains \(numbers.count) parameters, and the model has \(candidates[1].count)",
        hint: "give the weights alone (sentry export --format pth)")
    }
    var result: [String: StoredTensor] = [:]
    for (number, name) in zip(numbers, names) {
      guard let number, let members = optimizer["state"]?.dictionary?[.int(number)]?.dictionary else { continue }
      for (key, value) in members.pairs {
        if case .string(let slot) = key, let tensor = value.tensor { result["\(slot)/\(name)"] = tensor }
      }
    }
    return result
  }

  private static func restore(
    _ target: NamedTensor, from tensor: StoredTensor, through model: ImportedModel, _ path: String
  ) throws {
    guard tensor.shape == target.value.shape else {
      throw PluginError.invalid(
        "\(path): \(target.name) has the shape \(tensor.shape), the model's \(target.value.shape)",
        hint: "the file is of another model")
    }
    guard SentryPluginAPI.DType(tensor.dtype) != target.value.dtype else {
      return try target.restore(from: tensor, through: model)
    }
    guard target.value.dtype == .float32, tensor.dtype.isFloatingPoint else {
      throw PluginError.invalid(
        "\(path): \(target.name) is \(tensor.dtype), the model's \(target.value.dtype)", hint: "convert it first")
    }
    try target.restore(from: StoredTensor(tensor.floats(), shape: tensor.shape), through: model)
  }
}

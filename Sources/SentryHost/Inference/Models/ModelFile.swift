import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// Weights and what is said about them: a checkpoint of a run (`.pth`), an export of one (safetensors), or a file of another
/// program.
package struct ModelFile {
  package let path: String
  let weights: WeightsFile
  /// What the run said of its model: recipe, tasks, the model with its options, input, normalisation. A file of another program
  /// says nothing; see ``described(by:recipe:)``.
  package var about: JSONValue?
  /// Completed epochs; nil where the file does not tell.
  package let epoch: Int?
  /// `optimizer_state_dict`, where a checkpoint has one.
  package let optimizer: PickleValue?
  /// The batch norms that were folded into convolutions: the tensors are then none that the model takes.
  package let folded: [String]

  /// In the order of the file.
  package var tensors: [(name: String, tensor: StoredTensor)] { weights.tensors }

  /// The keys of an export's metadata.
  package static let (aboutKey, foldedKey) = ("sentry", "sentry.folded")

  /// - Throws: ``FormatError``, or ``PluginError`` for a file that holds no weights.
  package init(_ path: String) throws {
    self.path = path
    weights = try WeightsFile(path)
    let (content, metadata) = (weights.content, weights.metadata)
    (epoch, optimizer) = (content?["epoch"]?.int, content?["optimizer_state_dict"])
    let said =
      try metadata[Self.aboutKey].map { try JSON.decode(from: $0, what: "\(path): '\(Self.aboutKey)'") }
      ?? content?["sentry"].flatMap(JSONValue.init)
    about = said?.markingUntrainedTasks(beside: path)
    folded =
      try metadata[Self.foldedKey].map { try JSON.decode(from: $0, what: "\(path): '\(Self.foldedKey)'") } ?? []
  }

  /// States another component, or other options, than before.
  package mutating func describe(as choice: RunPlan.Choice) {
    guard var members = about?.objectValue else { return }
    members["model"] = ["name": .string(choice.name), "options": choice.options]
    about = .object(members)
  }

  /// The tensors that a model has, under its names and in its order.
  package func tensors(namedAs names: [String]) -> [(name: String, tensor: StoredTensor)] {
    let match = weights.matched(to: names)
    return names.compactMap { name in match.tensors[name].map { (name, $0) } }
  }

  /// Throws where the tensors are none that a model here takes.
  package func checkUnfolded() throws {
    guard folded.isEmpty else {
      throw PluginError.invalid(
        "\(path) has its batch norms folded into convolutions, for other runtimes",
        hint: "give the checkpoint, or an export without --fold-bn")
    }
  }

  /// Fills all parameters and buffers of a model.
  ///
  /// - Returns: the tensors of the file that the model has no place for.
  package func fill(_ model: ImportedModel) throws -> [String] {
    let match = weights.matched(to: model.parameters.map(\.name))
    if let first = match.missing.first {
      guard !match.tensors.isEmpty else {
        let names = match.extra.prefix(3).joined(separator: ", ")
        throw PluginError.invalid(
          "\(path) contains none of the model's tensors; its first tensors are \(names)",
          hint: "the file belongs to another model; sentry inspect --tensors lists what it holds")
      }
      throw PluginError.invalid(
        "\(path): the tensor \(first) is missing"
          + (match.missing.count > 1
            ? ", and \(NumberText.counted(match.missing.count - 1, "other")) of \(model.parameters.count)" : ""),
        hint: "the file belongs to another model, or is incomplete; sentry inspect --tensors lists what it holds")
    }
    for parameter in model.parameters {
      guard let tensor = match.tensors[parameter.name] else { continue }
      try parameter.take(tensor, through: model, file: path)
    }
    try model.parametersChanged()
    return match.extra
  }

  /// A sentence on tensors that were passed over; nil where there are none.
  package func note(onExtra names: [String]) -> String? {
    guard let first = names.first else { return nil }
    let more = names.count > 1 ? " and \(NumberText.counted(names.count - 1, "other"))" : ""
    return "\(path): tensors that the model does not have are ignored: \(first)\(more)"
  }
}

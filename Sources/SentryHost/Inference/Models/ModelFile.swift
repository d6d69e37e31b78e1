import SentryFormats
import SentryPluginAPI

/// Weights and what is said about them: a checkpoint of a run (`.pth`) or an export of one (safetensors), told apart by
/// what they hold.
package struct ModelFile {
  package enum Format: String { case pytorch, safetensors }

  package let path: String
  package let format: Format
  /// What the run said of its model: recipe, tasks, the model with its options, input, normalisation.
  package let about: JSONValue?
  /// Completed epochs; nil where the file does not tell.
  package let epoch: Int?
  /// In the order of the file.
  package let tensors: [(name: String, tensor: StoredTensor)]
  /// `optimizer_state_dict`, where a checkpoint has one.
  package let optimizer: PickleValue?
  /// The batch norms that were folded into convolutions: the tensors are then none that the model takes.
  package let folded: [String]

  /// The keys of an export's metadata.
  package static let (aboutKey, foldedKey) = ("sentry", "sentry.folded")

  /// - Throws: ``FormatError``, or ``PluginError`` for a file that holds no weights.
  package init(_ path: String) throws {
    self.path = path
    if SafetensorsFile.recognises(path) {
      let file = try SafetensorsFile.read(path)
      (format, epoch, optimizer) = (.safetensors, nil, nil)
      tensors = file.tensors
      about = try file.metadata[Self.aboutKey].map { try JSON.decode(from: $0, what: "\(path): '\(Self.aboutKey)'") }
      folded =
        try file.metadata[Self.foldedKey].map {
          try JSON.decode(from: $0, what: "\(path): '\(Self.foldedKey)'")
        } ?? []
    } else {
      let content = try PyTorchFile.read(path)
      (format, epoch, optimizer) = (.pytorch, content["epoch"]?.int, content["optimizer_state_dict"])
      about = content["sentry"].flatMap(JSONValue.init)
      tensors = try (content["model_state_dict"] ?? content).stateDict(file: path)
      folded = []
    }
  }
}

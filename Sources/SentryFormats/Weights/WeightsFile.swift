/// The weights of a network in a file, wherever the program that wrote it put them: a `.pth` file whose state dict is the file
/// itself or lies under a key, or safetensors. The two are told apart by what they hold.
public struct WeightsFile: Sendable {
  public enum Format: String, Sendable { case pytorch, safetensors }

  public let path: String
  public let format: Format
  /// The keys that lead to the state dict: `["state_dict"]`; empty where the file is one.
  public let place: [String]
  /// In the order of the file, as it names them.
  public let tensors: [(name: String, tensor: StoredTensor)]
  /// All that a `.pth` file holds.
  public let content: PickleValue?
  /// What safetensors say of themselves.
  public let metadata: [String: String]

  /// - Throws: ``FormatError`` that names the file.
  public init(_ path: String) throws {
    self.path = path
    if SafetensorsFile.recognises(path) {
      let file = try SafetensorsFile.read(path)
      (format, place, content) = (.safetensors, [], nil)
      (tensors, metadata) = (file.tensors, file.metadata)
    } else {
      let content = try PyTorchFile.read(path)
      let found = try Self.stateDict(in: content, file: path)
      (format, place, self.content, metadata) = (.pytorch, found.place, content, [:])
      tensors = try found.value.stateDict(file: path)
    }
    guard !tensors.isEmpty else {
      throw FormatError(.malformed, file: path, "holds no tensors", hint: "check how it was saved")
    }
  }

  /// Where programs put the state dict, ours first, then in the order in which training libraries agree on them.
  private static let keys = ["model_state_dict", "state_dict", "model", "net", "network", "weights", "params"]
  /// Deeper than any program nests them.
  private static let depth = 4

  private static func stateDict(in value: PickleValue, file: String, place: [String] = []) throws -> (
    value: PickleValue, place: [String]
  ) {
    guard let dictionary = value.dictionary, !value.isStateDict, place.count < depth else { return (value, place) }
    for key in keys {
      if let inner = value[key], inner.dictionary != nil {
        return try stateDict(in: inner, file: file, place: place + [key])
      }
    }
    let names = dictionary.keys.compactMap { if case .string(let name) = $0 { name } else { nil } }
    // A state dict with something else among its tensors is told by what that is.
    guard !names.contains(where: { value[$0]?.tensor != nil }) else { return (value, place) }
    guard !names.isEmpty else { return (value, place) }
    let candidates = names.filter { value[$0]?.isStateDict == true }
    if candidates.count == 1, let key = candidates.first, let inner = value[key] { return (inner, place + [key]) }
    throw FormatError(
      .malformed, file: file,
      candidates.isEmpty
        ? "holds no state dict; its keys are \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")"
        : "holds several state dicts, under \(candidates.joined(separator: ", "))",
      hint: "save one of them alone, in Python: torch.save(model.state_dict(), path)")
  }
}

extension PickleValue {
  /// Whether it maps names to tensors and holds at least one.
  fileprivate var isStateDict: Bool {
    guard let dictionary else { return false }
    var count = 0
    for (key, value) in dictionary.pairs {
      guard case .string = key, value.tensor != nil else { return false }
      count += 1
    }
    return count > 0
  }
}

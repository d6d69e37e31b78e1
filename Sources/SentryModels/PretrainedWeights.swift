import SentryFormats
public import SentryPluginAPI

/// Weights to start from: those of torchvision's network, in any spelling that ``WeightsFile`` knows, or of a network of ours. The
/// network's backbone is named as torchvision's, under `backbone.`, and its head as ``EmotionHead``.
public struct PretrainedWeights {
  /// The network that a file should hold.
  public struct Network: Sendable {
    /// As people write it: `DenseNet121`.
    public let title: String
    /// torchvision's function for it: `densenet121`.
    public let torchvision: String
    public let stem: StemNames

    public init(title: String, torchvision: String, stem: StemNames) {
      (self.title, self.torchvision, self.stem) = (title, torchvision, stem)
    }
  }

  private let file: String
  private let network: Network
  private let weights: WeightsFile

  /// - Throws: an error that names the file, where it holds no weights.
  public init(file: String, of network: Network) throws {
    (self.file, self.network) = (file, network)
    weights = try WeightsFile(file)
  }

  private static let backbone = "backbone."

  /// Fills the backbone, and the head where the file has one that fits.
  ///
  /// - Returns: a sentence on what was loaded and what was not.
  public func load(into parameters: [NamedTensor], stem: StemConversion) throws -> String {
    let match = try match(parameters)
    var (loaded, fresh): (Int, [String]) = (0, [])
    var converted = false
    for parameter in parameters {
      guard let stored = match.tensors[parameter.name] else {
        if parameter.role != .buffer { fresh.append(parameter.name) }
        continue
      }
      if stored.shape == parameter.value.shape {
        try fill(parameter, from: stored)
      } else if StemConversion.applies(from: stored.shape, to: parameter.value.shape) {
        try stem.fill(parameter, from: stored)
        converted = true
      } else if parameter.name.hasPrefix("classifier.3.") {
        fresh.append(parameter.name)  // another number of classes: that layer starts anew
        continue
      } else {
        throw PluginError.invalid(
          "\(file): \(parameter.name) has the shape \(stored.shape), but the model's tensor has \(parameter.value.shape)",
          hint: "give weights of a \(network.title)")
      }
      loaded += 1
    }
    if converted { try stem.shiftMeans(of: parameters, from: match.tensors, network.stem) }
    return "\(file): \(loaded) tensors loaded" + (converted ? ", \(stem.sentence)" : "")
      + Self.list("; new: ", fresh) + Self.list("; not used: ", match.extra)
  }

  /// The whole network where the file has it, else its backbone.
  private func match(_ parameters: [NamedTensor]) throws -> WeightsFile.Match {
    let names = parameters.map(\.name)
    var match = weights.matched(to: names)
    if match.missing.contains(where: { $0.hasPrefix(Self.backbone) }) {
      let inner = names.filter { $0.hasPrefix(Self.backbone) }.map { String($0.dropFirst(Self.backbone.count)) }
      let alone = weights.matched(to: inner)
      if alone.missing.count < match.missing.count(where: { $0.hasPrefix(Self.backbone) }) {
        match = alone
        match.tensors = Dictionary(uniqueKeysWithValues: alone.tensors.map { (Self.backbone + $0.key, $0.value) })
        match.missing = alone.missing.map { Self.backbone + $0 }
      }
    }
    let missing = match.missing.filter { $0.hasPrefix(Self.backbone) }
    guard let first = missing.first else { return match }
    throw PluginError.invalid(
      "\(file): not a \(network.title): \(missing.count) of its tensors are missing, the first is \(first)"
        + Self.list("; the file has ", match.extra),
      hint: "give torchvision's \(network.torchvision) state dict, or a checkpoint of this model")
  }

  private static func list(_ opening: String, _ names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    return opening + names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }

  private func fill(_ parameter: NamedTensor, from stored: StoredTensor) throws {
    if parameter.value.dtype == .int64 {
      let values = try parameter.value.elements(as: Int64.self)
      for (index, value) in try stored.integers().enumerated() { values[index] = Int64(value) }
    } else {
      try stored.copyFloats(into: try parameter.value.elements(as: Float.self))
    }
  }
}

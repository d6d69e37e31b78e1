import SentryFormats
import SentryPluginAPI

/// A state dict to start from: torchvision's DenseNet121, in today's spelling or that of the published file, or one of ours.
struct PretrainedWeights {
  let file: String
  private var tensors: [String: StoredTensor] = [:]

  init(file: String) throws {
    self.file = file
    let content = try PyTorchFile.read(file)
    let states = content["model_state_dict"] ?? content["state_dict"] ?? content
    for (name, tensor) in try states.stateDict(file: file) { tensors[Self.canonical(name)] = tensor }
  }

  /// Our name for a tensor: `features.denseblock1.denselayer1.norm.1.weight` is
  /// `backbone.features.denseblock1.denselayer1.norm1.weight`.
  static func canonical(_ name: String) -> String {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.first == "module" { parts.removeFirst() }  // torch.nn.DataParallel's
    if let layer = parts.firstIndex(where: { $0.hasPrefix("denselayer") }), parts.count > layer + 3,
      parts[layer + 1] == "norm" || parts[layer + 1] == "conv", parts[layer + 2] == "1" || parts[layer + 2] == "2"
    {
      parts[layer + 1] += parts.remove(at: layer + 2)
    }
    if parts.first == "features" { parts.insert("backbone", at: 0) }
    return parts.joined(separator: ".")
  }

  /// Fills the backbone, and the head where the file has one that fits.
  ///
  /// - Returns: a sentence on what was loaded and what was not.
  func load(into parameters: [NamedTensor]) throws -> String {
    let missing = parameters.filter { isRequired($0.name) && tensors[$0.name] == nil }
    guard missing.isEmpty else {
      throw PluginError.invalid(
        "\(file): no DenseNet121, \(missing.count) of its tensors are missing, the first is \(missing[0].name)",
        hint: "give torchvision's densenet121 state dict, or a checkpoint of this model")
    }
    var (loaded, left): (Int, [String]) = (0, [])
    var converted = false
    for parameter in parameters {
      guard let stored = tensors[parameter.name] else { continue }
      if stored.shape == parameter.value.shape {
        try fill(parameter, from: stored)
        loaded += 1
      } else if stored.shape.count == 4, stored.shape[1] == 3, parameter.value.shape[1] == 1,
        stored.shape[0] == parameter.value.shape[0], stored.shape[2...] == parameter.value.shape[2...]
      {
        try fillByChannelMean(parameter, from: stored)
        (loaded, converted) = (loaded + 1, true)
      } else if parameter.name.hasPrefix("classifier.3.") {
        left.append(parameter.name)  // another number of classes: that layer starts anew
      } else {
        throw PluginError.invalid(
          "\(file): \(parameter.name) is \(stored.shape), the model's is \(parameter.value.shape)")
      }
    }
    let fresh = parameters.filter { tensors[$0.name] == nil && $0.role != .buffer }.map(\.name) + left
    return "\(file): \(loaded) tensors loaded" + (converted ? ", the stem as the mean over its three channels" : "")
      + (fresh.isEmpty ? "" : "; new: \(fresh.joined(separator: ", "))")
  }

  /// The published file has no `num_batches_tracked`, and ImageNet's classifier is not ours.
  private func isRequired(_ name: String) -> Bool {
    name.hasPrefix("backbone.") && !name.hasSuffix(".num_batches_tracked")
  }

  private func fill(_ parameter: NamedTensor, from stored: StoredTensor) throws {
    if parameter.value.dtype == .int64 {
      let values = try parameter.value.elements(as: Int64.self)
      for (index, value) in try stored.integers().enumerated() { values[index] = Int64(value) }
    } else {
      try stored.copyFloats(into: try parameter.value.elements(as: Float.self))
    }
  }

  private func fillByChannelMean(_ parameter: NamedTensor, from stored: StoredTensor) throws {
    let (source, target) = (try stored.floats(), try parameter.value.elements(as: Float.self))
    let area = parameter.value.shape[2] * parameter.value.shape[3]
    for index in target.indices {
      let (filter, place) = (index / area, index % area)
      target[index] = (0..<3).reduce(Float(0)) { $0 + source[(filter * 3 + $1) * area + place] } / 3
    }
  }
}

import SentryPluginAPI

/// Where and in what precision a model computed, as it says; empty for one that does not say.
package struct ModelPlace: Codable, Sendable, Equatable {
  package var device, precision: String?

  package init(device: String? = nil, precision: String? = nil) { (self.device, self.precision) = (device, precision) }

  package init(of model: ImportedModel) {
    self.init(device: model.specification.device, precision: model.specification.precision)
  }

  /// `cuda:0 NVIDIA H100, tf32`; nil if the model does not say where it computes.
  package var title: String? { device.map { place in precision.map { "\(place), \($0)" } ?? place } }

  /// Whether it is plainly the CPU, which needs no word.
  package var isCPU: Bool { device.map { $0.lowercased().hasPrefix("cpu") } ?? true }

  /// The same under the keys of files; nothing that the model does not say.
  package var members: [String: JSONValue] {
    ["device": device.map(JSONValue.string), "precision": precision.map(JSONValue.string)].compactMapValues(\.self)
  }
}

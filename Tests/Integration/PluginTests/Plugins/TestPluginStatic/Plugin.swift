import CSentryPlugin
import SentryPluginAPI

/// Grey levels to numbers around zero, height by width by one to one by height by width. This plugin brings the whole
/// standard library with it.
struct Scale: Augmenter {
  let specification = AugmenterSpecification(
    input: TensorSpecification(.uint8, [16, 16, 1], layout: "HWC"),
    output: TensorSpecification(.float32, [1, 16, 16], layout: "CHW"),
    normalisation: ["mean": 0.5, "std": 0.5])

  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let values = try input.elements(as: UInt8.self).map { Float($0) / 127.5 - 1 }
    return Tensor([1, input.shape[0], input.shape[1]], values)
  }
}

let plugin = Plugin(
  "test-static", version: "1.0.0", "A plugin with a standard library of its own.",
  components: [.augmenter("toy-scale", "Scales grey levels.") { _ in Scale() }])

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}

import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// Manifests beside `foreign.so`, and the augmenters that come of them.
struct ForeignWorkshop {
  let shop: Workshop

  init(_ flags: [String] = []) throws {
    shop = try Workshop()
    try compile(flags)
  }

  func compile(_ flags: [String] = []) throws {
    try shop.compile("foreign.c", as: "foreign", ["-fvisibility=default"] + flags)
  }

  static let data: JSONValue = ["type": "pointer", "is": "data"]
  static let samples: JSONValue = ["dtype": "float32", "shape": [4, 3], "layout": "TF"]
  /// 0, 1, 2, …
  static let sample = Tensor([4, 3], (0..<12).map { Float($0) })

  /// Writes `NAME.augmenter.json` of the function `shift`, with some keys replaced.
  func write(_ name: String = "test", _ changes: [String: JSONValue] = [:]) throws {
    let manifest: [String: JSONValue] = [
      "name": .string(name), "summary": "A test.", "library": "foreign.so", "symbol": "shift", "result": "void",
      "arguments": [Self.data, ["type": "int64", "is": "count"], ["type": "uint64", "is": "seed"]],
    ]
    try shop.write(
      try JSON.text(manifest.merging(changes) { $1 }, pretty: true), to: name + ForeignManifest.suffix)
  }

  func report(_ name: String = "test", allowUntrusted: Bool = false, probes: Bool = true) throws -> PluginReport {
    try shop.discover(allowUntrusted: allowUntrusted, probes: probes).report(name + ForeignManifest.suffix)
  }

  /// The augmenter of the manifest, as a run has it made.
  func augmenter(
    _ changes: [String: JSONValue] = [:], options: [String: JSONValue] = [:],
    samples: JSONValue = ForeignWorkshop.samples
  )
    throws -> ImportedAugmenter
  {
    try write("test", changes)
    let registry = Registry(shop.discover())
    let entry = try registry.entry(.augmenter, "test")
    return try registry.make(
      try registry.choice(entry, options: options.merging(["input": samples]) { $1 }))
  }
}

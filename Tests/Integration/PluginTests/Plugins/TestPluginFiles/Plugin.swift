import CSentryPlugin
import SentryPluginAPI

let plugin = Plugin(
  "test-files", version: "1.0.0", "Datasets for tests that need files which users install.",
  components: [
    .dataset(
      "toy-filed", "Two samples of one value, made of two files of a package.",
      options: [
        .path("path", "A folder that nobody reads."),
        .file("first-file", file("first", 140_000, first), "The larger file."),
        .file("second-file", file("second", 15, second), "The smaller file."),
      ]
    ) { making in
      let options: FiledDataset.Options = try making.options.decode()
      return try FiledDataset([options.first, options.second].compactMap(\.self))
    },
    .dataset(
      "toy-owned", "The same of a file that no package holds.",
      options: [
        .path("path", "A folder that nobody reads."),
        .file("file", RequiredFile("own.bin", sha256: own, bytes: 12, group: "own"), "A file of the user's."),
      ]
    ) { making in
      let options: FiledDataset.Options = try making.options.decode()
      return try FiledDataset([options.file].compactMap(\.self))
    },
  ])

private let first = "24610f5f09fdd571a939b387087f977955bb57a0d89f79f3154136e99dab96fb"
private let second = "66269b19b6d3c1eca8a2deee44590f79ad62ac0087244c1fa4ac78b3a91f447c"
private let own = "3fc45668871153d9391c049953491782ae023f8f783cd48be4de89396f53450c"

private func file(_ name: String, _ bytes: Int, _ sha256: String) -> RequiredFile {
  RequiredFile(
    "\(name).bin", sha256: sha256, bytes: bytes, group: "toys",
    package: .pypi("toy-weights", "1.0", member: "toy_weights/data/\(name).bin"), licence: "CC0-1.0")
}

@c(sentry_plugin_entry_v1) @implementation
public func sentryPluginEntry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? {
  plugin.entry(host, error)
}

import CSentryPlugin
import SentryPluginAPI

/// A manifest as a plugin: behind the same structs of the border as any other, so that nothing else in the host need know.
struct ForeignPlugin {
  let function: ForeignFunction
  /// What the function is taken from.
  let library: PluginDeclaration.Library
  private let plugin: Plugin

  /// Loads the library of a manifest.
  init(_ files: PluginFiles) throws {
    guard let libraryFile = files.library else { throw PluginError("\(files.plugin.path) is not a manifest") }
    let manifest = try ForeignManifest(at: files.plugin.path)
    try files.plugin.requireUnchanged()
    let function = try ForeignFunction(manifest, in: libraryFile)
    self.function = function
    // The true file's name is what tells a version.
    library = .init(
      name: manifest.library, file: Paths.real(libraryFile.path) ?? libraryFile.path, sha256: try libraryFile.sha256())
    plugin = Plugin(
      manifest.name, version: manifest.version, manifest.summary,
      components: [
        .augmenter(manifest.name, manifest.summary, options: manifest.options + [.input]) {
          try ForeignAugmenter(manifest, function, options: $0.options.decode())
        }
      ])
  }

  func entry(_ host: HostPointer, _ error: ErrorPointer) -> PluginPointer? { plugin.entry(host, error) }
}

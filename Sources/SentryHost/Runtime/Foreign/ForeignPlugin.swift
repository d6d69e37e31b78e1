import CSentryPlugin
import SentryPluginAPI

/// A manifest as a plugin: behind the same structs of the border as any other, so that nothing else in the host need know.
struct ForeignPlugin {
  let function: ForeignFunction
  /// What the function is taken from.
  let library: PluginDeclaration.Library
  private let plugin: Plugin

  /// Loads the library of the manifest at a path.
  init(at path: String) throws {
    let manifest = try ForeignManifest(at: path)
    let libraryFile = try manifest.libraryFile()
    let function = try ForeignFunction(manifest, in: libraryFile)
    self.function = function
    // The true file's name is what tells a version.
    let file = Paths.real(libraryFile) ?? libraryFile
    library = .init(name: manifest.library, file: file, sha256: try FileIdentity.sha256(of: file))
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

import SentryPluginAPI

/// What a plugin says of itself, as the probe wrote it down: enough to list it, to document it and to check options without
/// mapping it into the host.
struct PluginDeclaration: Codable, Sendable {
  struct Component: Codable, Sendable {
    /// As the border has it: `sentry.model/1`. A kind that this host does not know is listed and otherwise left alone.
    var kind: String
    var name: String
    var summary: String
    var schema: JSONValue
    /// Whether it can tell how well a path looks like its data.
    var scoresPaths: Bool

    var knownKind: ComponentKind? { ComponentKind(border: kind) }
  }

  /// A shared library that the plugin asks for by name, and the file that it got.
  struct Library: Codable, Sendable, Equatable {
    var name: String
    var file: String
    /// SHA-256 of the content, in hexadecimal; of a foreign library alone.
    var sha256: String?
  }

  var name: String
  var version: String
  var summary: String
  /// The border that it was built for.
  var border: String
  var components: [Component]
  var recipes: [Recipe]
  var libraries: [Library] = []
  /// The foreign library, where the plugin is a manifest.
  var foreign: Library?
}

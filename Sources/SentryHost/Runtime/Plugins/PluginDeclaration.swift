import SentryPluginAPI

/// What a plugin says of itself, as the probe wrote it down: enough to list it, to document it and to check options without
/// mapping it into the host.
package struct PluginDeclaration: Codable, Sendable {
  package struct Component: Codable, Sendable {
    /// As the border has it: `sentry.model/1`. A kind that this host does not know is listed and otherwise left alone.
    package var kind: String
    package var name: String
    package var summary: String
    package var schema: JSONValue
    /// Whether it can tell how well a path looks like its data.
    package var scoresPaths: Bool
    /// Whether it can tell on which devices it works.
    package var asksDevices = false
    /// What it told, where the probe asked.
    package var availability: ComponentAvailability?

    package var knownKind: ComponentKind? { ComponentKind(border: kind) }
  }

  /// A shared library that the plugin asks for by name, and the file that it got.
  package struct Library: Codable, Sendable, Equatable {
    package var name: String
    package var file: String
    /// SHA-256 of the content, in hexadecimal; of a foreign library alone.
    package var sha256: String?
  }

  package var name: String
  package var version: String
  package var summary: String
  /// The border that it was built for.
  package var border: String
  package var components: [Component]
  package var recipes: [Recipe]
  package var libraries: [Library] = []
  /// The foreign library, where the plugin is a manifest.
  package var foreign: Library?
}

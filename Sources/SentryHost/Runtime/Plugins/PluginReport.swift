/// What the host knows of one file in its search path.
package struct PluginReport: Sendable {
  package enum State: String, Codable, Sendable {
    /// Its components are at hand.
    case usable
    /// Everything that it offers came from a file before it.
    case shadowed
    /// Not taken, for the reason given.
    case refused
    /// It crashed, hung or left while it was probed, or crashed the host again and again.
    case quarantined
    /// Neither a shared library nor a manifest by its name, or the library of a manifest.
    case ignored
  }

  /// One thing that a file before this one offers too.
  package struct Shadow: Sendable, Equatable {
    /// `dataset`, …, or `recipe`.
    package var kind: String
    package var name: String
    package var by: String
  }

  package var file: String
  package var folder: SearchPath.Folder
  package var state: State
  package var reason: String?
  package var hint: String?
  package var declaration: PluginDeclaration?
  /// SHA-256 of the file's content, in hexadecimal.
  package var sha256: String?
  package var shadows: [Shadow] = []
  /// What was checked, and is the only thing that may be loaded.
  var files: PluginFiles?

  package func isShadowed(_ kind: String, _ name: String) -> Bool {
    shadows.contains { $0.kind == kind && $0.name == name }
  }

  /// The reason and the hint, as one sentence.
  package var explanation: String? { Self.sentence(reason, hint: hint) }

  package static func sentence(_ reason: String?, hint: String?) -> String? {
    reason.map { reason in hint.map { "\(reason) (\($0))" } ?? reason }
  }
}

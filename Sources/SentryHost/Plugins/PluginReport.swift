/// What the host knows of one file in its search path.
struct PluginReport: Sendable {
  enum State: String, Codable, Sendable {
    /// Its components are at hand.
    case usable
    /// Everything that it offers came from a file before it.
    case shadowed
    /// Not taken, for the reason given.
    case refused
    /// It crashed, hung or left while it was probed.
    case quarantined
    /// Neither a shared library nor a manifest by its name, or the library of a manifest.
    case ignored
  }

  /// One thing that a file before this one offers too.
  struct Shadow: Sendable, Equatable {
    /// `dataset`, …, or `recipe`.
    var kind: String
    var name: String
    var by: String
  }

  var file: String
  var folder: SearchPath.Folder
  var state: State
  var reason: String?
  var hint: String?
  var declaration: PluginDeclaration?
  /// SHA-256 of the file's content, in hexadecimal.
  var sha256: String?
  var shadows: [Shadow] = []
  /// What was checked, and is the only thing that may be loaded.
  var files: PluginFiles?

  func isShadowed(_ kind: String, _ name: String) -> Bool { shadows.contains { $0.kind == kind && $0.name == name } }

  /// The reason and the hint, as one sentence.
  var explanation: String? { reason.map { reason in hint.map { "\(reason) (\($0))" } ?? reason } }
}

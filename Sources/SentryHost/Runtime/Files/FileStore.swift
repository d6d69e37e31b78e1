import Glibc
import SentryPluginAPI

/// The folder of the files that components ask for and users install: `$XDG_DATA_HOME/sentry/models`.
///
/// A file lies in a folder that its hash names, so that two versions of a plugin can ask for two files of one name.
package struct FileStore: Sendable {
  package enum State: Sendable, Equatable {
    case installed, missing
    /// And why.
    case damaged(String)

    package var word: String {
      switch self {
      case .installed: "installed"
      case .missing: "missing"
      case .damaged: "damaged"
      }
    }
  }

  /// nil where the environment names no home.
  package let folder: String?
  private let cache: ProbeCache

  package static let variable = "SENTRY_MODEL_DIR"

  /// - Parameter option: the folder that the user named; before the environment.
  package init(option: String? = nil, cache: ProbeCache = ProbeCache()) {
    let named = (option ?? Paths.environment(Self.variable)).map { Paths.absolute($0, from: Paths.working) }
    folder = named ?? Paths.userData.map { "\($0)/sentry/models" }
    self.cache = cache
  }

  /// Where a file lies when it is installed. Throws ``PluginError`` where there is no store.
  package func path(of file: RequiredFile) throws -> String {
    guard let folder else {
      throw PluginError(
        "there is no folder for model files: HOME and XDG_DATA_HOME are not set",
        hint: "set one of them, or \(Self.variable)=DIR")
    }
    return "\(folder)/\(file.sha256.prefix(16))/\(file.name)"
  }

  /// Whether a file is there and is the right one. Its hash is taken again only after the file has changed.
  package func state(of file: RequiredFile) -> State {
    guard let path = try? path(of: file) else { return .missing }
    var info = stat()
    guard stat(path, &info) == 0 else { return errno == ENOENT ? .missing : .damaged(Paths.lastError) }
    do {
      let found = try PluginFile(path)
      guard found.identity.size == file.bytes else {
        return .damaged("it has \(found.identity.size) bytes, \(file.bytes) are expected")
      }
      let hash = try cache.sha256(of: found)
      return hash == file.sha256 ? .installed : .damaged("its SHA-256 is \(hash), \(file.sha256) is expected")
    } catch {
      return .damaged((error as? PluginError)?.message ?? "\(error)")
    }
  }
}

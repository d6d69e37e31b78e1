import CSentryPlugin
import Glibc
import SentryPluginAPI

/// The folders in which plugins are looked for, in order: what an earlier one offers wins.
package struct SearchPath: Sendable {
  package enum Origin: String, Codable, Sendable {
    case option = "--plugin-dir"
    case environment = "SENTRY_PLUGIN_PATH"
    case user = "user"
    case executable = "beside the executable"
    case installation = "installation"
  }

  package struct Folder: Sendable, Equatable {
    package var path: String
    package var origin: Origin
    package var exists: Bool
    /// As it was named: a link on the way to it is not in its path.
    var given: String?
  }

  package let folders: [Folder]

  /// - Parameter source: what the options are called where they come from.
  /// - Throws: where a folder among the options does not exist.
  package init(options: [String], source: String = Origin.option.rawValue) throws {
    for option in options where !Self.isFolder(option) {
      throw PluginError.invalid(
        "\(source) \(option): there is no such folder", hint: "name a folder that holds plugins (.so files)")
    }
    var found: [(String, Origin)] = options.map { ($0, .option) }
    if let paths = Paths.environment("SENTRY_PLUGIN_PATH") {
      found += paths.split(separator: ":").map { (String($0), .environment) }
    }
    if let data = Paths.userData { found.append((data + "/sentry/plugins", .user)) }
    if let executable = Paths.executableFolder {
      found += [(executable, .executable), (Paths.folder(of: executable) + "/lib/sentry/plugins", .installation)]
    }
    var seen: Set<String> = []
    folders = found.compactMap { path, origin in
      let real = Self.isFolder(path) ? Paths.real(path) : nil
      guard seen.insert(real ?? path).inserted else { return nil }
      return Folder(path: real ?? path, origin: origin, exists: real != nil, given: path)
    }
  }

  package init(folders: [Folder]) { self.folders = folders }

  private static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }
}

extension SearchPath.Folder: CustomStringConvertible {
  package var description: String { "\(path) (\(origin.rawValue)\(exists ? "" : ", does not exist"))" }

  /// Beside the executable lies much that is none of our business; a folder of plugins is ours, file by file.
  func concerns(_ name: String) -> Bool {
    origin != .executable || (name.hasPrefix("lib") && name.hasSuffix(".so")) || ForeignManifest.isManifest(name)
  }
}

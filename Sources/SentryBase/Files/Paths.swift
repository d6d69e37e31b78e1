import Glibc

/// Paths as texts: what is needed beyond joining them.
package enum Paths {
  /// The absolute path without links; nil where it does not exist.
  package static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Absolute, from `base` where it is relative; `~/` is the home folder.
  package static func absolute(_ path: String, from base: String) -> String {
    if path.hasPrefix("/") { return path }
    if path == "~" || path.hasPrefix("~/"), let home = environment("HOME") { return home + path.dropFirst() }
    var rest = Substring(path)
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return base.hasSuffix("/") ? base + rest : "\(base)/\(rest)"
  }

  package static var working: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  package static func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Of `models/`, `models`.
  package static func withoutEndingSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The folder that this program was started from.
  package static var executableFolder: String? { real("/proc/self/exe").map(folder(of:)) }

  /// A variable of the environment that is set and not empty.
  package static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// The folder for what programs keep for the user, `$XDG_DATA_HOME`; nil where the environment names no home.
  package static var userData: String? {
    environment("XDG_DATA_HOME") ?? environment("HOME").map { $0 + "/.local/share" }
  }

  /// The names in a folder, sorted; nil where it cannot be read.
  package static func names(in folder: String) -> [String]? {
    guard let handle = opendir(folder) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  package static var lastError: String { SystemError.last.text }
}

import Glibc
import SentryPluginAPI

extension ForeignManifest {
  #if arch(arm64)
    private static let machine = "aarch64"
  #else
    private static let machine = "x86_64"
  #endif
  private static let systemFolders = [
    "/usr/local/lib", "/lib/\(machine)-linux-gnu", "/usr/lib/\(machine)-linux-gnu", "/lib64", "/usr/lib64", "/lib",
    "/usr/lib",
  ]

  /// The library's file: a path is meant from the manifest's folder; a bare name is looked for there, then in
  /// LD_LIBRARY_PATH and the system's folders. Found here and not by the loader, so that what is trusted, hashed and
  /// probed is the very file that is loaded.
  func libraryFile() throws -> String {
    let home = Paths.folder(of: file)
    guard !library.contains("/") else {
      let path = Paths.absolute(library, from: home)
      guard access(path, F_OK) == 0 else {
        throw PluginError.invalid(
          "'library' is \(path): \(Paths.lastError)", hint: "give its path from the manifest's folder, or install it")
      }
      return path
    }
    let named = Paths.environment("LD_LIBRARY_PATH").map { $0.split(separator: ":").map(String.init) } ?? []
    let folders = [home] + named.filter { $0.hasPrefix("/") } + Self.systemFolders
    for folder in folders where access("\(folder)/\(library)", F_OK) == 0 { return "\(folder)/\(library)" }
    throw PluginError.invalid(
      "'library' is '\(library)', which is neither beside the manifest nor in \(folders.dropFirst().joined(separator: ", "))",
      hint: "install it, or give its path")
  }
}

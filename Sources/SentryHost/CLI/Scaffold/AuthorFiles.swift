import SentryPluginAPI
import SentryRuntime

/// What authors of plugins build against: the source package that `make install` lays down, or a checkout. Both hold
/// `Package.swift`, `Sources` and `Templates` in the same places.
struct AuthorFiles {
  static let variable = "SENTRY_SOURCE"
  private static let installed = "/share/sentry/swift"

  let root: String

  /// The prefix of an installed Sentry; nil for a checkout.
  var prefix: String? { root.hasSuffix(Self.installed) ? String(root.dropLast(Self.installed.count)) : nil }

  var templates: String { root + "/Templates" }

  /// The folder that `SENTRY_SOURCE` names; else what belongs to this program: `../share/sentry/swift`, or the checkout in whose
  /// build folder it lies.
  ///
  /// The templates are files beside the program rather than in it, so that the program stays small and starts as fast.
  static func find() throws -> AuthorFiles {
    if let named = Paths.environment(variable) {
      guard let files = AuthorFiles(at: named) else {
        throw PluginError.invalid(
          "\(variable) is \(named), which is no checkout of Sentry and no folder that `make install` made",
          hint: "name a folder with Package.swift, Sources and Templates, or unset the variable")
      }
      return files
    }
    let program = Paths.executableFolder ?? "/"
    var folder = program
    var candidates = [Paths.folder(of: program) + installed]
    while folder != "/" {
      folder = Paths.folder(of: folder)
      candidates.append(folder)
    }
    guard let files = candidates.lazy.compactMap(AuthorFiles.init).first else {
      throw PluginError(
        "the templates of plugins are not installed beside this program: there is no \(candidates[0])",
        hint: "make install puts them there; or name a checkout of Sentry in \(variable)")
    }
    return files
  }

  private init?(at folder: String) {
    guard let root = Paths.real(folder),
      ["Templates", "Sources/CSentryPlugin"].allSatisfy({ SystemFile.isFolder("\(root)/\($0)") })
    else { return nil }
    self.root = root
  }
}

import Glibc
import SentryPluginAPI
import SentryRuntime

/// A package with one component, from a template.
struct NewPackage {
  let kind: NewComponentKind
  let language: PluginLanguage
  let name: ComponentName
  let authorFiles: AuthorFiles
  /// Of this `sentry`.
  let program: String

  /// Writes all of it or nothing. Throws ``PluginError``.
  func write(to folder: String) throws {
    var info = stat()
    guard lstat(folder, &info) != 0 else {
      throw PluginError.invalid(
        "\(folder) exists already", hint: "choose another name, or another folder with --path")
    }
    let template = try PackageTemplate(kind, language, in: authorFiles.templates, words: try words())
    let scratch = try ScratchFolder(beside: folder, for: "new")
    let package = "\(scratch.path)/package"
    for (path, bytes) in template.files.sorted(by: { $0.key < $1.key }) {
      let file = "\(package)/\(path)"
      try SystemFile.makeFolder(Paths.folder(of: file))
      try mappingFormatErrors { try AtomicFile.write(bytes, to: file) }
    }
    guard rename(package, folder) == 0 else { throw SystemFile.failure(folder, "the folder cannot be created") }
  }

  /// What stands in the templates, and what takes its place.
  private func words() throws -> [String: String] {
    [
      "template-name": name.text, "TemplateName": name.type, "template_name": name.identifier,
      "template-kind": kind.rawValue, "TemplateKind": ComponentName.capitalised(kind.rawValue),
      "/template/source": try checked(authorFiles.root),
      "/template/checkout": authorFiles.prefix == nil ? try checked(authorFiles.root) : "",
      "/template/prefix": try checked(authorFiles.prefix ?? "/usr/local"),
      "/template/program": try checked(program),
    ]
  }

  /// A path that Package.swift, a Makefile and a shell read as it is.
  private func checked(_ path: String) throws -> String {
    guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && !"\"'\\$#:`".utf8.contains($0) }) else {
      throw PluginError(
        "the path \(path) has characters that build files cannot hold",
        hint: "install or check Sentry out under a path without quotes, \\, $, # and :")
    }
    return path
  }
}

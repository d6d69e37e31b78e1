import CSentryPlugin
import SentryDownload
import SentryPluginAPI
import SentryRuntime

/// One call of `sentry models get`: brings files into the store, each completely or not at all.
struct ModelInstallation {
  let store: FileStore
  let index: PackageIndex
  let options: DownloadOptions
  let environment: DownloadEnvironment
  /// A line of the result.
  let report: (String) -> Void

  /// Installs what is missing or damaged, from what the user gives or, where that is nil, from the index.
  func install(_ items: [RequiredFiles.Item], from given: GivenFiles?) throws {
    var wanted: [RequiredFile] = []
    for file in items.map(\.file) {
      if store.state(of: file) == .installed {
        report("\(file.name): already installed in \(Paths.folder(of: try store.path(of: file)))")
      } else {
        wanted.append(file)
      }
    }
    if wanted.isEmpty { return }
    try mappingFormatErrors {
      if let given { try take(wanted, from: given) } else { try download(wanted) }
    }
  }

  private func take(_ files: [RequiredFile], from given: GivenFiles) throws {
    var missing: [RequiredFile] = []
    var failures: [PluginError] = []
    for file in files {
      let places = given.places(of: file)
      if places.isEmpty { missing.append(file) }
      var problems: [PluginError] = []
      for place in places {
        do {
          try put(file, place)
          problems = []
          break
        } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
          problems.append(error)
        }
      }
      failures += problems.prefix(1)
    }
    guard let first = failures.first ?? missing.first.map({ absent($0) }) else { return }
    let others =
      failures.dropFirst().map(\.message) + (failures.isEmpty ? missing.dropFirst() : missing[...]).map(\.name)
    throw PluginError(
      first.message + (others.isEmpty ? "" : "; nor could be installed: \(others.joined(separator: "; "))"),
      hint: first.hint ?? files.first.flatMap { Self.byHand([$0]) }, code: SENTRY_BAD_DATA)
  }

  private func absent(_ file: RequiredFile) -> PluginError {
    .badData("\(file.name) is not in what --from names", hint: Self.byHand([file]))
  }

  private func download(_ files: [RequiredFile]) throws {
    let published = files.filter { $0.package?.index == "pypi" }
    let packages = Dictionary(grouping: published) { "\($0.package?.name ?? "") \($0.package?.version ?? "")" }
    for (_, files) in packages.sorted(by: { $0.key < $1.key }) {
      guard let package = files.first?.package else { continue }
      try store.locked(
        waiting: { environment.note("another command is installing files in \($0): waiting for it") },
        { try download(files.filter { store.state(of: $0) != .installed }, package, in: "\($0)/.downloads") })
    }
    guard let file = files.first(where: { $0.package?.index != "pypi" }) else { return }
    throw PluginError(
      file.package.map { "\(file.name) is published on '\($0.index)', from which sentry does not download" }
        ?? "\(file.name) is not published in a package",
      hint: "if you have the file: sentry models get \(file.name) --from FILE", code: SENTRY_UNSUPPORTED)
  }

  private func download(_ files: [RequiredFile], _ package: RequiredFile.Package, in folder: String) throws {
    if files.isEmpty { return }
    try SystemFile.makeFolder(folder)
    // With the part of a wheel in it, it stays.
    defer { try? SystemFile.removeEmptyFolder(folder) }
    let wheel = try PackageDownload(
      package, index: index, options: options, environment: environment, elsewhere: Self.byHand(files) ?? ""
    ).fetch(into: folder)
    defer { try? SystemFile.removeFile(wheel) }
    let given = try GivenFiles([wheel])
    for file in files {
      guard let place = given.places(of: file).first else {
        throw PluginError.badData(
          "\(package.name) \(package.version) of \(index.url) holds no \(file.package?.member ?? file.name)",
          hint: "update the plugin that asks for it")
      }
      try put(file, place)
    }
  }

  private func put(_ file: RequiredFile, _ place: GivenFiles.Place) throws {
    let path = try mappingFormatErrors { try store.install(file, from: "\(place)", contents: place.read) }
    let licence = file.licence.map { ", licence \($0)" } ?? ""
    report("\(path): \(ByteCount.text(file.bytes)), SHA-256 verified\(licence)")
  }

  /// How a user brings files here by other means than this program's.
  static func byHand(_ files: [RequiredFile]) -> String? {
    guard let package = files.first?.package else { return nil }
    let words = files.map(\.group).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return
      "run 'pip download --no-deps --only-binary=:all: --python-version 3.11 \(package.name)==\(package.version)' where "
      + "there is network, and then 'sentry models get \(words.joined(separator: " ")) --from FILE.whl'"
  }
}

import SentryPluginAPI
import SentryRuntime

/// The files that components ask for, and what is installed of them; as it stands what `--json` prints.
struct ModelListing: Encodable {
  struct File: Encodable {
    var group, name, state: String
    var problem: String?
    /// Where it lies, or would lie.
    var path: String?
    var bytes: Int
    var sha256: String
    var licence: String?
    var package: RequiredFile.Package?
    var components: [RequiredFiles.User]
  }

  let folder: String?
  let files: [File]

  init(_ registry: Registry) throws {
    let store = registry.discovery.store
    folder = store.folder
    files = try RequiredFiles(registry).items.map { item in
      let (file, state) = (item.file, store.state(of: item.file))
      var problem: String?
      if case .damaged(let why) = state { problem = why }
      return File(
        group: file.group, name: file.name, state: state.word, problem: problem, path: try? store.path(of: file),
        bytes: file.bytes, sha256: file.sha256, licence: file.licence, package: file.package, components: item.users)
    }
  }

  /// What to run for those that are not installed; nil where all are.
  var advice: String? {
    let groups = Set(files.filter { $0.state != FileStore.State.installed.word }.map(\.group)).sorted()
    return groups.isEmpty ? nil : "sentry models get \(groups.joined(separator: " "))"
  }
}

import SentryPluginAPI
import SentryRuntime

/// What `sentry plugins list --json` prints.
struct PluginListing: Encodable {
  struct Folder: Encodable {
    var path, origin: String
    var exists: Bool
  }
  struct Offer: Encodable {
    var kind, name, summary: String
    var shadowedBy: String?
    enum CodingKeys: String, CodingKey {
      case kind, name, summary
      case shadowedBy = "shadowed_by"
    }
  }
  struct Plugin: Encodable {
    var file, folder, state: String
    var reason, hint, sha256, name, version, summary, border: String?
    var components: [Offer]
    var recipes: [Offer]
    var libraries: [PluginDeclaration.Library]
    var foreign: PluginDeclaration.Library?
  }
  var search: [Folder]
  var plugins: [Plugin]

  init(_ discovery: Discovery) {
    search = discovery.search.folders.map { Folder(path: $0.path, origin: $0.origin.rawValue, exists: $0.exists) }
    plugins = discovery.reports.map { report in
      func offer(_ kind: String, _ name: String, _ summary: String) -> Offer {
        Offer(
          kind: kind, name: name, summary: summary,
          shadowedBy: report.shadows.first { $0.kind == kind && $0.name == name }?.by)
      }
      let declared = report.declaration
      return Plugin(
        file: report.file, folder: report.folder.path, state: report.state.rawValue, reason: report.reason,
        hint: report.hint, sha256: report.sha256, name: declared?.name, version: declared?.version,
        summary: declared?.summary, border: declared?.border,
        components: (declared?.components ?? []).map { offer($0.knownKind?.rawValue ?? $0.kind, $0.name, $0.summary) },
        recipes: (declared?.recipes ?? []).map { offer("recipe", $0.name, $0.summary) },
        libraries: declared?.libraries ?? [], foreign: declared?.foreign)
    }
  }
}

import ArgumentParser
import SentryPluginAPI
import SentryRuntime

/// What `sentry plugins list` is asked for: a kind of components, or recipes.
struct OfferKind: RawRepresentable, ExpressibleByArgument, CaseIterable {
  let rawValue: String
  static let recipe = OfferKind("recipe")
  static let allCases = ComponentKind.allCases.map { OfferKind($0.rawValue) } + [recipe]
  static let allValueStrings = allCases.map(\.rawValue)

  private init(_ rawValue: String) { self.rawValue = rawValue }
  init?(rawValue: String) {
    guard Self.allCases.contains(where: { $0.rawValue == rawValue }) else { return nil }
    self.init(rawValue)
  }
}

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

  /// The plugins that offer something of a kind, each with that alone.
  func only(_ kind: OfferKind) -> PluginListing {
    var listing = self
    listing.plugins = plugins.compactMap { plugin in
      var plugin = plugin
      plugin.components.removeAll { $0.kind != kind.rawValue }
      plugin.recipes.removeAll { $0.kind != kind.rawValue }
      return plugin.components.isEmpty && plugin.recipes.isEmpty ? nil : plugin
    }
    return listing
  }
}

extension PluginListing.Plugin {
  /// A line for the file, and one for each of its offers.
  var text: String {
    let head = [
      "\(Paths.last(file)): \(state)", name.map { "\($0) \(version ?? "")" }, PluginReport.sentence(reason, hint: hint),
    ].compactMap { $0 }
    let offers = (components + recipes).map { offer in
      let kind =
        OfferKind(rawValue: offer.kind) == nil ? "\(offer.kind), a kind that this host does not know" : offer.kind
      return "\(kind) \(offer.name)" + (offer.shadowedBy.map { ", shadowed by \($0)" } ?? "")
    }
    return (["  " + head.joined(separator: ", ")] + offers.map { "    " + $0 }).joined(separator: "\n")
  }
}

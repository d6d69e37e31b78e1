import SentryPluginAPI
import SentryRuntime

/// The components around live models, each made once: detectors, features and the backend for video.
package final class LiveParts {
  private let registry: Registry
  private let settings: [OptionAssignment]
  private var detectors: [String: ImportedDetector] = [:]
  private var extractors: [String: ImportedFeatureExtractor] = [:]

  /// - Parameter settings: `--set detector.option=value` and the like; they go to every component of the kind that has the option.
  /// - Throws: ``PluginError`` for an option of another kind.
  package init(_ registry: Registry, settings: [String] = []) throws {
    self.registry = registry
    self.settings = try settings.map(OptionAssignment.setting)
    let scopes = [ComponentKind.detector, .features, .video].map(OptionScope.init)
    if let other = self.settings.first(where: { !scopes.contains($0.scope) }) {
      throw PluginError.invalid(
        "\(other.source): only options of detectors, features and video can be set here",
        hint: "--set detector.option=value")
    }
  }

  /// - Parameter wayOut: what a user can do without the detector's files, for the error where one is not installed.
  package func detector(_ name: String, withoutFiles wayOut: String? = nil) throws -> ImportedDetector {
    if let made = detectors[name] { return made }
    let made: ImportedDetector = try make(name, withoutFiles: wayOut)
    detectors[name] = made
    return made
  }

  package func extractor(_ name: String) throws -> ImportedFeatureExtractor {
    if let made = extractors[name] { return made }
    let made: ImportedFeatureExtractor = try make(name)
    extractors[name] = made
    return made
  }

  /// What opens, writes and draws on video.
  package private(set) lazy var video = Result<ImportedVideoBackend, any Error> {
    guard let entry = registry.entries(.video).first else { throw registry.missing(["a component for video"]) }
    return try make(entry.declaration.name)
  }

  /// Whether a file is plainly a video, by its name.
  package func isVideo(_ path: String) throws -> Bool {
    guard let entry = registry.entries(.video).first else { return false }
    return try registry.score(of: path, by: entry) ?? 0 >= Registry.plainScore
  }

  private func make<Component: ImportedComponent>(_ name: String, withoutFiles wayOut: String? = nil) throws
    -> Component
  {
    guard let kind = ComponentKind(border: Component.kind) else {
      throw PluginError("unknown component kind \(Component.kind)")
    }
    let (entry, scope) = (try registry.entry(kind, name), OptionScope(kind))
    let schema = try entry.schema()
    let resolver = OptionResolver(holders: [scope: OptionHolder(title: entry.title, schema: schema)])
    let values = try resolver.resolve(scope, settings.filter { $0.scope == scope })
    return try registry.make(try registry.choice(entry, options: values), withoutFiles: wayOut)
  }
}

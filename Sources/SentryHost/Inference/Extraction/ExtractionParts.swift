import SentryPluginAPI
import SentryRuntime

extension LiveParts {
  /// The features to extract: the named ones, the only ones, or those that a recipe's models are fed with.
  /// - Throws: ``PluginError`` where that does not tell.
  package static func features(_ name: String?, _ registry: Registry) throws -> String {
    if let name { return try registry.entry(.features, name).declaration.name }
    let names = registry.entries(.features).map(\.declaration.name)
    guard let first = names.first else { throw registry.missing(["a component for features"]) }
    if names.count == 1 { return first }
    let fed = Set(registry.recipes.compactMap(\.live?.features)).intersection(names)
    guard fed.count == 1, let only = fed.first else {
      throw PluginError.invalid(
        "there are several features: \(names.joined(separator: ", "))", hint: "name one with --features")
    }
    return only
  }

  /// The detector before some features, or before all keypoints: the named one, the one that recipes use for this, or the only one
  /// that finds the keypoints.
  /// - Throws: ``PluginError`` where that does not tell.
  package func detector(_ name: String?, for features: String?, _ registry: Registry) throws -> String {
    if let name { return try registry.entry(.detector, name).declaration.name }
    let names = registry.entries(.detector).map(\.declaration.name)
    guard let first = names.first else { throw registry.missing(["a detector"]) }
    let used = Set(
      registry.recipes.compactMap(\.live).filter { live in
        features.map { $0 == live.features } ?? (live.features != nil)
      }.map(\.detector)
    ).intersection(names)
    if used.count == 1, let only = used.first { return only }
    if names.count == 1 { return first }
    let needed = try features.map { try extractor($0).specification.keypoints } ?? []
    let fitting = names.filter { name in
      // One whose files are not installed is told when it is asked for by name.
      guard let keypoints = (try? detector(name))?.specification.keypoints, !keypoints.isEmpty else { return false }
      return Set(keypoints).isSuperset(of: needed)
    }
    guard fitting.count == 1, let only = fitting.first else {
      throw PluginError.invalid(
        "which detector is not clear: there are \(names.joined(separator: ", "))", hint: "name one with --detector")
    }
    return only
  }
}

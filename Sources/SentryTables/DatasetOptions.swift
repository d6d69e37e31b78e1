import SentryPluginAPI

/// The option that every dataset on disk has.
public enum DatasetOptions {
  public static func path(_ help: String) -> OptionDeclaration { .path("path", help) }

  /// - Throws: ``PluginError`` (invalid) where no path is given or nothing is there.
  public static func require(_ path: String?, dataset: String, holding: String) throws -> String {
    guard let path, !path.isEmpty else {
      throw PluginError.invalid("\(dataset) needs the path of its data", hint: "give --data PATH, \(holding)")
    }
    _ = try entryKind(at: path)
    return path
  }
}

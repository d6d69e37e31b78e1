import SentryPluginAPI

/// A path that a table names: it stays below the folder that it is looked for in.
public struct RelativePath: Sendable, Hashable {
  public let components: [String]

  /// - Throws: ``PluginError`` (bad data) for an empty or absolute path and for one that climbs out with `..`.
  public init(_ text: String, place: String) throws {
    let parts = text.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    guard !parts.isEmpty else {
      throw PluginError.badData("\(place): the path of the image is empty", hint: "name an image, or delete the row")
    }
    guard text.utf8.first != UInt8(ascii: "/"), !parts.contains("..") else {
      throw PluginError.badData(
        "\(place): the path '\(text)' points outside the dataset",
        hint: "paths must be relative to the folder of the dataset and must not contain '..'")
    }
    components = parts.map(String.init)
  }
}

import SentryPluginAPI

/// A path that a table names: it stays below the folder that it is looked for in.
public struct RelativePath: Sendable, Hashable {
  public let components: [String]
  /// Whether it was written with backslashes, as Windows does.
  public let hasBackslashes: Bool

  /// - Throws: ``PluginError`` (bad data) for an empty or absolute path and for one that climbs out with `..`.
  public init(_ text: String, place: String) throws {
    hasBackslashes = text.utf8.contains(UInt8(ascii: "\\"))
    let plain = hasBackslashes ? text.replacing("\\", with: "/") : text
    let parts = plain.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    let isDrive = parts.first.map { $0.utf8.count == 2 && $0.utf8.last == UInt8(ascii: ":") } ?? false
    guard !parts.isEmpty else {
      throw PluginError.badData("\(place): the path of the image is empty", hint: "name an image, or delete the row")
    }
    guard plain.utf8.first != UInt8(ascii: "/"), !isDrive, !parts.contains("..") else {
      throw PluginError.badData(
        "\(place): the path '\(text)' points outside the dataset",
        hint: "paths must be relative to the folder of the dataset and must not contain '..'")
    }
    components = parts.map(String.init)
  }
}

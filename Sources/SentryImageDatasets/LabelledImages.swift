import SentryPluginAPI

/// What a reader of images finds in a folder.
public struct LabelledImages: Sendable {
  public var splits: [Split: [LabelledSample<ImageFile>]] = [:]
  public var notes: [String] = []
  /// What was left out, and how many of each.
  public var dropped: [Split: [String: Int]] = [:]

  public init() {}

  /// - Throws: ``PluginError`` (bad data) where nothing was found, or nothing is left.
  public func requireAny(in path: String) throws {
    guard splits.values.contains(where: { !$0.isEmpty }) else { throw PluginError.noImage(in: path, dropped: dropped) }
  }
}

internal import SentryInference

/// The folders of plugins, and options of their components.
public struct Plugins: Sendable {
  /// Folders to search for plugins first.
  public var directories: [String]
  /// Options of detectors, features and video: `detector.option=value`.
  public var settings: [String]

  public init(directories: [String] = [], settings: [String] = []) {
    (self.directories, self.settings) = (directories, settings)
  }

  /// The plugins where the program `sentry` looks for them, with their defaults.
  public static let standard = Plugins()

  func runtime() throws -> LibraryRuntime { try LibraryRuntime(folders: directories, settings: settings) }
}

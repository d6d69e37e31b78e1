internal import SentryInference

/// The folders of plugins, options of their components, and where they compute.
public struct Plugins: Sendable {
  /// Folders to search for plugins first.
  public var directories: [String]
  /// Options of models, detectors, features and video: `detector.option=value`.
  public var settings: [String]
  /// Where models compute: `auto` (a GPU if the model and the machine have one, otherwise the CPU), `cpu`, `cuda` or `cuda:N`.
  public var device: String

  public init(directories: [String] = [], settings: [String] = [], device: String = "auto") {
    (self.directories, self.settings, self.device) = (directories, settings, device)
  }

  /// The plugins where the program `sentry` looks for them, with their defaults.
  public static let standard = Plugins()

  func runtime() throws -> LibraryRuntime {
    try LibraryRuntime(folders: directories, settings: settings, device: device)
  }
}

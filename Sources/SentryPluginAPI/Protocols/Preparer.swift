import CSentryPlugin

/// A source of data: its entry in the catalogue, and the conversion of raw data to a dataset. The host calls it on the main thread.
public protocol Preparer: Sendable {
  var entry: CatalogEntry { get }

  /// Converts `raw` to a dataset at `output`, completely or not at all. The options were passed when the preparer was created.
  ///
  /// - Parameter raw: a file or folder; the host has unpacked archives.
  /// - Throws: ``PluginError`` that names the file and the row of an error.
  func prepare(_ raw: String, to output: String) throws -> PreparationReport
}

extension Preparer {
  public func prepare(_ raw: String, to output: String) throws -> PreparationReport {
    throw PluginError(
      "there is nothing to prepare for \(entry.key)",
      hint: entry.dataset.map { "dataset '\($0)' reads the raw data directly: --dataset \($0) --data \(raw)" },
      code: SENTRY_UNSUPPORTED)
  }
}

/// A source whose data the user records (extension `sentry.source.template/1`).
public protocol TemplateProviding: Preparer {
  /// Creates a folder for a recording of `seconds` seconds.
  ///
  /// - Throws: ``PluginError`` if the folder exists and is not empty.
  func createTemplate(at folder: String, seconds: Double) throws -> PreparationReport

  /// Checks that such a folder is filled in.
  func checkTemplate(at folder: String) throws -> TemplateCheck
}

import CSentryPlugin

/// Where data come from: an entry of the catalogue, and the preparer that makes a dataset of what was fetched.
/// Called on the main thread.
public protocol Preparer: Sendable {
  var entry: CatalogEntry { get }

  /// Turns `raw` into a dataset at `output`: all of it, or nothing. How is in the options that it was made with.
  ///
  /// - Parameter raw: a file or folder; the host has unpacked archives.
  /// - Throws: ``PluginError`` naming the file and the row that are wrong.
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
  /// Makes the folder with all that a recording needs; refuses one that is not empty.
  func createTemplate(at folder: String, seconds: Double) throws -> PreparationReport

  /// Looks whether such a folder is filled in.
  func checkTemplate(at folder: String) throws -> TemplateCheck
}

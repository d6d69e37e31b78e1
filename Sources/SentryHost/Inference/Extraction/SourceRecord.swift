import CSentryPlugin
import Glibc
import SentryPluginAPI
import SentryRuntime

/// What a source gave, kept beside its part of the index: a source with a record is complete.
package struct SourceRecord: Codable, Sendable {
  package struct Sequence: Codable, Sendable {
    package var name: String
    package var person: Int?
  }

  /// What identifies a source and its content.
  package struct Origin: Codable, Sendable, Equatable {
    /// Absolute.
    package var path: String
    package var bytes: Int
    /// Nanoseconds since 1970.
    package var modified: Int

    /// - Throws: ``PluginError`` where there is nothing.
    package init(_ source: String) throws {
      var status = stat()
      guard stat(source, &status) == 0 else {
        throw PluginError.system(source, "cannot be read", code: SENTRY_INVALID)
      }
      path = Paths.real(source) ?? source
      bytes = Int(status.st_size)
      modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    }
  }

  package var origin: Origin
  /// What the names of its sequences begin with.
  package var name: String
  package var counts: ExtractionCounts
  package var sequences: [Sequence]
}

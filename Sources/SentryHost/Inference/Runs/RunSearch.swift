import Glibc
import SentryPluginAPI
import SentryRuntime

/// The runs that are in folders, and what there looks like a run and is none.
package struct RunSearch {
  package struct Broken: Sendable, Encodable {
    package var directory: String
    package var reason: String
    /// Whether the user named this very directory.
    package var named: Bool
  }
  /// How many folders below a named one are looked through.
  package static let depth = 4

  package private(set) var runs: [RunSummary] = []
  package private(set) var broken: [Broken] = []
  private var seen: Set<String> = []

  /// - Parameter paths: directories of runs, and folders that hold some.
  /// - Throws: ``PluginError`` where one does not exist.
  package init(_ paths: [String]) throws {
    for path in paths {
      let path = Paths.withoutEndingSlash(path)
      guard try SystemFile.names(in: path) != nil else {
        throw PluginError.invalid(
          "\(path) does not exist", hint: "name run directories, or folders that contain run directories")
      }
      let before = (runs.count, broken.count)
      look(path, depth: 0)
      // What another path on the command line has shown already is there, too.
      if before == (runs.count, broken.count), Paths.real(path).map(isNew) != false {
        broken.append(.init(directory: path, reason: "there is no run in it", named: true))
      }
    }
  }

  private func isNew(_ path: String) -> Bool { !seen.contains { $0 == path || $0.hasPrefix(path + "/") } }

  private mutating func look(_ path: String, depth: Int) {
    do {
      let names = try SystemFile.names(in: path) ?? []
      if Self.isRun(names) {
        guard seen.insert(Paths.real(path) ?? path).inserted else { return }
        return runs.append(try RunSummary(path))
      }
      guard depth < Self.depth else { return }
      for name in names where !name.hasPrefix(".") && SystemFile.isFolder("\(path)/\(name)") {
        look("\(path)/\(name)", depth: depth + 1)
      }
    } catch {
      broken.append(.init(directory: path, reason: Self.reason(error), named: depth == 0))
    }
  }

  /// Whether a folder with these names in it is a run's, be it what is left of one.
  private static func isRun(_ names: [String]) -> Bool {
    names.contains(RunDirectory.record) || (names.contains(RunDirectory.history) && names.contains(RunDirectory.timing))
  }

  private static func reason(_ error: any Error) -> String { (error as? PluginError)?.message ?? "\(error)" }
}

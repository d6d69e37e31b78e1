import Logging
import SentryPluginAPI
import Synchronization

/// A checkpoint for programs that use it from code: what the module Sentry shows.
package final class LibraryClassifier: @unchecked Sendable {
  // Unchecked: components are used under `lock` alone.
  package let tasks: [ClassificationTask]
  private let trained: TrainedModel
  private let source: JudgedSource
  /// Models answer one question at a time; so do the calls of the border that make components, in the whole process.
  private let lock = Mutex(())
  private static let making = Mutex(())

  /// - Parameters:
  ///   - folders: of plugins, before all others.
  ///   - options: of the reading of files, by name.
  package init(checkpoint: String, folders: [String], options: [String: JSONValue]) throws {
    (trained, source) = try Self.making.withLock { _ in
      if HostState.shared.executor == nil { try HostState.shared.startExecutor(threads: 0) }
      let search = try SearchPath(options: folders, source: "plugin directory")
      let registry = Registry(Discovery(search, probe: .besidePlugins(search)))
      let trained = try TrainedModel(checkpoint, registry: registry)
      for note in trained.notes { Logger(label: TerminalLog.hostLabel).warning("\(note)") }
      return (trained, try JudgedSource(trained, registry: registry, options: options))
    }
    tasks = trained.tasks
  }

  /// One answer for each sample of the files, in their order.
  /// - Parameter raw: whether `.npy` files are recordings; nil to tell by their shapes.
  /// - Throws: for the first file that cannot be read.
  package func judge(_ files: [String], raw: Bool? = nil) throws -> Judgement {
    let found = try source.find(files, raw: raw)
    var judge = Judge(trained: trained)
    judge.workers = found.paths.count > 1 ? Self.readers : 0
    return try lock.withLock { _ in try source.judge(found, with: judge) }
  }

  private static let readers = 4
}

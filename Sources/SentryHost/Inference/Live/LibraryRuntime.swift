import Logging
import SentryPluginAPI
import SentryRuntime
import Synchronization

/// Plugins for programs that use them from code: what the module Sentry shows of live models.
package final class LibraryRuntime: @unchecked Sendable {
  // Unchecked: components are used under `lock` alone.
  private let registry: Registry
  private let parts: LiveParts
  private let use: ModelUse
  /// Components answer one question at a time; so do the calls of the border that make them, in the whole process.
  private static let lock = Mutex(())

  /// - Parameters:
  ///   - folders: of plugins, before all others.
  ///   - settings: `detector.option=value`, `model.option=value`.
  ///   - device: `auto`, `cpu`, `cuda` or `cuda:N`.
  package init(folders: [String], settings: [String], device: String = "auto") throws {
    var settings = settings
    use = try ModelUse(component: nil, takingFrom: &settings)
    let (device, others) = (try Device(device), settings)
    (registry, parts) = try Self.lock.withLock { _ in
      if HostState.shared.executor == nil { try HostState.shared.startExecutor(threads: 0) }
      let search = try SearchPath(options: folders, source: "plugin directory")
      let registry = Registry(Discovery(search, probe: .besidePlugins(search)), device: device)
      return (registry, try LiveParts(registry, settings: others))
    }
  }

  /// One call after the other, whatever thread it comes from.
  package func using<Value>(_ body: (LiveParts) throws -> Value) rethrows -> Value {
    try Self.lock.withLock { _ in try body(parts) }
  }

  package func pipeline(_ checkpoints: [String], options: LiveOptions) throws -> LivePipeline {
    try using { parts in
      let models = try checkpoints.map { path in
        let trained = try TrainedModel(
          path, registry: registry, use: checkpoints.count > 1 ? use.amongSeveral : use)
        for note in try trained.notes + [trained.noteOnUntrainedTasks()].compactMap(\.self) {
          Logger.host.warning("\(note)")
        }
        return trained
      }
      try use.checkUsed(by: models, registry)
      return try LivePipeline(models, options: options, registry: registry, parts: parts)
    }
  }
}

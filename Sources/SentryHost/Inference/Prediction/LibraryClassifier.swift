import Logging
import SentryPluginAPI
import SentryRuntime
import Synchronization

/// A checkpoint for programs that use it from code: what the module Sentry shows.
package final class LibraryClassifier: @unchecked Sendable {
  // Unchecked: components are used under `lock` alone.
  package let tasks: [ClassificationTask]
  private let trained: TrainedModel
  private let source: PredictionSource
  /// Models answer one question at a time; so do the calls of the border that make components, in the whole process.
  private let lock = Mutex(())
  private static let making = Mutex(())

  /// - Parameters:
  ///   - folders: of plugins, before all others.
  ///   - options: of the reading of files, by name.
  ///   - device: `auto`, `cpu`, `cuda` or `cuda:N`.
  ///   - component: in place of the one that trained the model.
  ///   - settings: `model.option=value`.
  package init(
    checkpoint: String, folders: [String], options: [String: JSONValue], device: String = "auto",
    component: String? = nil, settings: [String] = []
  ) throws {
    var others = settings
    let use = try ModelUse(component: component, takingFrom: &others)
    if let other = others.first {
      throw PluginError.invalid("\(other) is no option of the model", hint: "model.option=value")
    }
    let device = try Device(device)

    (trained, source) = try Self.making.withLock { _ in
      if HostState.shared.executor == nil { try HostState.shared.startExecutor(threads: 0) }
      let search = try SearchPath(options: folders, source: "plugin directory")
      let registry = Registry(Discovery(search, probe: .besidePlugins(search)), device: device)
      let trained = try TrainedModel(checkpoint, registry: registry, use: use)
      for note in try trained.notes + [trained.noteOnUntrainedTasks()].compactMap(\.self) {
        Logger.host.warning("\(note)")
      }
      return (trained, try PredictionSource(trained, registry: registry, options: options))
    }
    tasks = trained.trainedTasks
  }

  /// One answer for each sample of the files, in their order.
  /// - Parameter raw: whether `.npy` files are recordings; nil to tell by their shapes.
  /// - Throws: for the first file that cannot be read.
  package func predict(_ files: [String], raw: Bool? = nil) throws -> Prediction {
    let found = try source.find(files, raw: raw)
    var predictor = Predictor(trained: trained)
    predictor.workers = found.paths.count > 1 ? Self.readers : 0
    return try lock.withLock { _ in try source.predict(found, with: predictor) }
  }

  private static let readers = 4
}

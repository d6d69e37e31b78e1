import Glibc
import Synchronization
import Testing
@testable import SentryPluginAPI
@testable import SentryRuntime
@testable import SentryTraining

/// A folder for one test, removed with it.
final class Scratch: Sendable {
  let path: String
  init() throws {
    var template = Array("/tmp/sentry-training-XXXXXX".utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }
  deinit { Scratch.remove(path) }

  /// Removes a file, or a folder with all that is in it.
  static func clear(_ path: String) { remove(path) }

  private static func remove(_ path: String) {
    guard SystemFile.isFolder(path) else {
      unlink(path)
      return
    }
    for name in (try? SystemFile.names(in: path)) ?? [] { remove("\(path)/\(name)") }
    rmdir(path)
  }
}

/// What a run said.
final class ToyReporter: TrainingReporter {
  let notes = Mutex<[String]>([])
  let warnings = Mutex<[String]>([])
  let epochs = Mutex<[EpochReport]>([])
  let steps = Mutex<[StepReport]>([])
  func note(_ text: String) { notes.withLock { $0.append(text) } }
  func warn(_ text: String) { warnings.withLock { $0.append(text) } }
  func step(_ report: StepReport) { steps.withLock { $0.append(report) } }
  func epoch(_ report: EpochReport) { epochs.withLock { $0.append(report) } }
}

/// A small run with everything in Swift, over the border and back.
struct ToyRun {
  var dataset = ToyDataset()
  var augmenter: ToyAugmenter? = ToyAugmenter()
  var trainer: any Trainer = ToyTrainer()
  /// Where the size of inputs changes: each size has a trainer of its own.
  var makeTrainer: @Sendable () throws -> any Trainer = { ToyTrainer() }
  /// nil: a ``ToyModel``.
  var model: (any Model)?
  var options: RunOptions
  var reporter = ToyReporter()
  var modelOptions: JSONValue = ["size": 6]
  var temperature: Float?
  var writesReport = false

  init(_ output: String, epochs: Int = 3) {
    options = RunOptions(output: output)
    (options.epochs, options.batchSize, options.workers) = (epochs, 8, 2)
    (options.seed, options.checkpointEvery) = (7, 2)
  }

  var plan: RunPlan {
    func choice(_ name: String, _ options: JSONValue = [:]) -> RunPlan.Choice {
      .init(name: name, plugin: "toys", version: "1.0.0", sha256: "00", options: options)
    }
    return RunPlan(
      recipe: Recipe(
        name: "toy", summary: "A toy.", dataset: "toy", model: "toy", trainer: "toy",
        flags: [.init("size", .integer, sets: ["model.size"], "")], sizeFlag: "size"),
      command: ["sentry", "train", "toy"], run: options, dataset: choice("toy"),
      augmenter: augmenter == nil ? nil : choice("noise"), model: choice("linear", modelOptions), trainer: choice("sgd")
    )
  }

  func components() throws -> RunComponents {
    RunComponents(
      dataset: try ImportedDataset(adopting: export(dataset)),
      augmenter: try augmenter.map { try ImportedAugmenter(adopting: export($0)) },
      model: try ImportedModel(
        adopting: export(model ?? ToyModel(tasks: dataset.tasks, temperature: temperature))),
      trainer: try ImportedTrainer(adopting: export(trainer)))
  }

  /// - Parameters:
  ///   - cancelAfter: batches after which the user asks to stop.
  ///   - willWrite: called before each file is written.
  func run(
    _ mode: RunDirectoryMode = .new, cancelAfter: Int? = nil, metrics: [String: Double] = [:],
    now: @escaping @Sendable () -> Double = MonotonicClock.seconds,
    willWrite: @escaping @Sendable (String) throws -> Void = { _ in }
  ) throws -> TrainingOutcome {
    let environment = SessionEnvironment(
      isCancelled: { [reporter] in cancelAfter.map { limit in reporter.steps.withLock { $0.count } >= limit } ?? false
      },
      takeMetrics: { metrics }, reporter: reporter, now: now, willWrite: willWrite, writesReport: writesReport)
    let remake: TrainingSession.Remake? = options.sizeSchedule == nil ? nil : { try sized($0, $1) }
    let made = try remake?(plan, ImportedDataset(adopting: export(dataset))) ?? components()
    let session = TrainingSession(
      plan: plan, components: made, directory: mode, environment: environment, remake: remake)
    return try session.run()
  }
}

func text(_ path: String) throws -> String { try #require(try SystemFile.text(path)) }

func bytes(_ path: String) throws -> [UInt8] {
  let file = open(path, O_RDONLY)
  try #require(file >= 0, "\(path) is missing")
  defer { close(file) }
  var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
  while true {
    let count = read(file, &buffer, buffer.count)
    if count <= 0 { return all }
    all += buffer.prefix(count)
  }
}

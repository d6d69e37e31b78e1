/// The host's own options of a training: the scope `run` of recipes, configuration files and `--set`.
package struct RunOptions: Codable, Sendable, Equatable {
  /// Where the dataset is; nil for one that needs no files.
  package var data: String?
  package var output: String
  package var epochs = 20
  package var batchSize = 64
  /// Loader threads; 0 loads on the main thread.
  package var workers = 4
  /// Compute threads; 0 means one for each CPU core.
  package var threads = 0
  package var seed: UInt64 = 42
  /// Bring every class to the same count in training.
  package var balance = false
  /// The task whose classes these are; nil means the first.
  package var balanceTask: String?
  /// That count; nil means the majority's.
  package var targetSamples: Int?
  package var augmentation = Augmentation.standard
  /// A stratified subset of the training split of this size, and of the others in proportion.
  package var limit: Int?
  /// How many unreadable samples a run may leave out.
  package var skipBad = 0
  /// The share of the training split that is held out where a dataset has no validation split.
  package var holdOut = 0.2
  /// A periodic checkpoint after every so many epochs; 0: none.
  package var checkpointEvery = 5
  /// A file whose weights, and optimiser's state where it has one, the run starts from; nil begins at random.
  package var start: String?
  /// The state that --resume needs is saved after every epoch and every so many seconds.
  package var stateSeconds = 300
  /// What the best and the last model are called in the directory of the run.
  package var bestFile = RunDirectory.best
  package var finalFile = RunDirectory.final

  /// The most samples that go through the model at once; nil splits a batch only where memory is short.
  package var microBatch: Int?
  /// Megabytes of samples that are kept in memory.
  package var cacheMB = 512
  /// Megabytes that the process may hold; 0 goes by what the system has.
  package var memoryLimit = 0
  /// Tell at the end where the time went.
  package var profile = false
  /// Write how the run goes for TensorBoard.
  package var tensorboard = true

  package init(output: String) { self.output = output }

  package enum Augmentation: String, Codable, Sendable { case none, standard, strong }

  package enum CodingKeys: String, CodingKey {
    case data, output, epochs, workers, threads, seed, balance, augmentation, limit, start, profile, tensorboard
    case batchSize = "batch-size"
    case balanceTask = "balance-task"
    case targetSamples = "target-samples"
    case skipBad = "skip-bad"
    case holdOut = "hold-out"
    case checkpointEvery = "checkpoint-every"
    case stateSeconds = "state-seconds"
    case bestFile = "best-file"
    case finalFile = "final-file"
    case microBatch = "micro-batch"
    case cacheMB = "cache-mb"
    case memoryLimit = "memory-limit"
  }
}

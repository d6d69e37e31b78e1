/// The host's own options of a training: the scope `run` of recipes, configuration files and `--set`.
struct RunOptions: Codable, Sendable, Equatable {
  /// Where the dataset is; nil for one that needs no files.
  var data: String?
  var output: String
  var epochs = 20
  var batchSize = 64
  /// Loader threads; 0 loads on the main thread.
  var workers = 4
  /// Compute threads; 0 means one for each CPU core.
  var threads = 0
  var seed: UInt64 = 42
  /// Bring every class to the same count in training.
  var balance = false
  /// The task whose classes these are; nil means the first.
  var balanceTask: String?
  /// That count; nil means the majority's.
  var targetSamples: Int?
  var augmentation = Augmentation.standard
  /// A stratified subset of the training split of this size, and of the others in proportion.
  var limit: Int?
  /// How many unreadable samples a run may leave out.
  var skipBad = 0
  /// The share of the training split that is held out where a dataset has no validation split.
  var holdOut = 0.2
  /// A periodic checkpoint after every so many epochs; 0: none.
  var checkpointEvery = 5
  /// A file whose weights, and optimiser's state where it has one, the run starts from; nil begins at random.
  var start: String?
  /// The state that --resume needs is saved after every epoch and every so many seconds.
  var stateSeconds = 300
  /// What the best and the last model are called in the directory of the run.
  var bestFile = RunDirectory.best
  var finalFile = RunDirectory.final

  /// The most samples that go through the model at once; nil splits a batch only where memory is short.
  var microBatch: Int?
  /// Megabytes of samples that are kept in memory.
  var cacheMB = 512
  /// Megabytes that the process may hold; 0 goes by what the system has.
  var memoryLimit = 0
  /// Tell at the end where the time went.
  var profile = false
  /// Write how the run goes for TensorBoard.
  var tensorboard = true

  enum Augmentation: String, Codable, Sendable { case none, standard, strong }

  enum CodingKeys: String, CodingKey {
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

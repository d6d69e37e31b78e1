import SentryPluginAPI
import SentryRuntime

/// A run under way.
final class TrainingRun {
  let plan: RunPlan
  /// Those of the size of inputs that the epoch under way has.
  var components: RunComponents
  /// That size; nil without a schedule of sizes.
  var inputSize: Int?
  let remake: TrainingSession.Remake?
  let directory: RunDirectory
  let environment: SessionEnvironment
  let partition: DataPartition
  let summary: DataSummary
  let sampler: Sampler
  var reader: SampleReader
  /// The tasks that accuracy is the mean of: those with more than one class in training.
  let scoredTasks: [Int]
  let steps: StepBudget
  /// The indices of the validation samples that the temperature is fitted on, where the trainer fits one; it is judged on the
  /// others.
  var fittingHalf: Set<Int>?
  var progress: Progress
  var record: RunRecord
  /// What TensorBoard is told; nil where the run is to tell it nothing.
  var board: TrainingBoard?
  /// Whether the trainer was given the model.
  var hasBegun = false
  /// Whether this start of the program has begun a step.
  var hasStepped = false
  /// Whether the model has the average of its weights.
  var usesAverage = false
  /// Whether the model did not know the last step's gradient norm yet.
  var isNormLate = false
  /// Its threads and memory serve all passes; nil before the first.
  var loader: Loader?
  var staging: InputStaging
  /// Those of batches of validation.
  var validationParts = BatchParts()
  /// When the state was last saved, and where the run was then.
  var lastSave: (time: Double, epoch: Int, batch: Int)?

  /// The processes that train together with this one.
  let world: World
  /// The rows of every batch that this process trains on.
  let share: BatchShare
  var modelKnowsShares = false

  var options: RunOptions { plan.run }
  /// Loader threads: this process's share of those of the machine.
  var workers: Int { world.share(of: options.workers) }
  /// The most rows of a batch that any process has.
  var largestShare: Int { (options.batchSize + world.size - 1) / world.size }
  var tasks: [ClassificationTask] { components.dataset.specification.tasks }

  /// Throws ``PluginError`` where plan, data and model do not fit together; writes nothing.
  init(
    _ plan: RunPlan, _ components: RunComponents, _ partition: DataPartition, _ directory: RunDirectory,
    _ environment: SessionEnvironment, remake: TrainingSession.Remake? = nil
  ) throws {
    (self.components, self.partition) = (components, partition)
    (self.directory, self.environment, self.remake) = (directory, environment, remake)
    inputSize = plan.run.sizeSchedule?.last.size
    world = environment.world
    staging = InputStaging(components.model)
    share = BatchShare(rank: world.rank, of: world.size, whole: plan.run.batchSize)
    guard plan.run.batchSize >= world.size else {
      throw PluginError.invalid(
        "a batch of \(plan.run.batchSize) cannot be shared by \(world.size) processes",
        hint: "give a larger --batch-size, or start fewer processes")
    }
    let tasks = components.dataset.specification.tasks
    summary = DataSummary(partition, components.dataset.specification)
    let balanced = try Sampler.balancedTask(of: tasks, options: plan.run)
    sampler = Sampler(
      partition.train, quota: try Sampler.quota(for: summary.train.tasks[balanced].counts, options: plan.run),
      task: balanced, seed: plan.run.seed)
    steps = try StepBudget(samples: sampler.epochSize, options: plan.run)
    var plan = plan
    plan.run = steps.options
    self.plan = plan
    reader = try Self.reader(
      for: plan.run, components, partition,
      cache: plan.run.cacheMB > 0 ? SampleCache(capacity: world.share(of: plan.run.cacheMB * 1_000_000)) : nil,
      clock: plan.run.profile ? LoadingClock() : nil)
    scoredTasks = try Self.scoredTasks(summary)
    progress = Progress(data: partition.fingerprint, tasks: tasks.count)
    record = RunRecord(plan: plan, data: summary)
  }

  /// - Parameter cache: of samples as the dataset gives them, whatever becomes of them.
  static func reader(
    for options: RunOptions, _ components: RunComponents, _ partition: DataPartition, cache: SampleCache? = nil,
    clock: LoadingClock? = nil
  ) throws -> SampleReader {
    SampleReader(
      dataset: components.dataset, augmenter: components.augmenter,
      input: try SampleReader.settled(
        components.model.specification.input, dataset: components.dataset, augmenter: components.augmenter,
        list: partition.train, skipBad: options.skipBad),
      seed: options.seed, skipBad: options.skipBad, cache: cache, clock: clock)
  }

  private static func scoredTasks(_ summary: DataSummary) throws -> [Int] {
    let varying = summary.train.tasks.indices.filter { task in
      summary.train.tasks[task].counts.count { $0 > 0 } > 1
    }
    guard !varying.isEmpty else {
      throw PluginError.badData(
        "every task has at most one class in the training data: there is nothing to learn",
        hint: "check the data's folders or labels")
    }
    guard varying.contains(where: { summary.validation.tasks[$0].counts.contains { $0 > 0 } }) else {
      throw PluginError.badData(
        "the validation data have no label for \(varying.map { "'\(summary.train.tasks[$0].name)'" }.joined(separator: ", "))",
        hint: "check the labels of the validation split")
    }
    return varying
  }

  /// Where the run is, in words.
  var place: String {
    "epoch \(progress.epoch + 1) of \(options.epochs), after batch \(progress.batch) of \(steps.perEpoch)"
  }

  func execute() throws -> TrainingOutcome {
    while !progress.ended {
      try beginSize()
      try components.trainer.beginEpoch(progress.epoch)
      try discardProfile()
      let goesOn = try trainEpoch()
      try takeProfile()
      guard goesOn else { return try interrupted() }
      try shareBuffers()
      if options.validates(progress.epoch) {
        guard let validation = try averaged({ try timed("validation", validateEpoch) }) else {
          return try interrupted()
        }
        try endEpoch(validation)
      } else {
        try endEpoch(nil)
      }
      describeCache()
      if try isCancelledAnywhere(), !progress.ended {
        if lastSave.map({ ($0.epoch, $0.batch) != (progress.epoch, progress.batch) }) ?? true { try saveState() }
        return try interrupted()
      }
    }
    return try finished()
  }

  /// The validation at the end of an epoch.
  private func validateEpoch() throws -> EpochSums? {
    // Of several processes, none sees the answers to all samples.
    guard world.size == 1 else { return try validate() }
    board?.beginValidation()
    return try validate { try board?.count($0, $1) }
  }
}

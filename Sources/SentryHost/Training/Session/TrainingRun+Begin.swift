import SentryPluginAPI
import SentryRuntime

/// What comes before the first epoch.
extension TrainingRun {
  /// Tells what the run works on, and takes up the saved state where the run goes on.
  func begin(resuming: Bool) throws {
    describeData()
    if world.size > 1 { environment.reporter.note(RunText.processes(of: world)) }
    let saved = try world.agree(on: "the saved state") {
      resuming && world.isLeader ? try StateStore(directory).load() : nil
    }
    let before = try world.broadcast(saved?.progress, of: "the saved state")
    let contents = try world.agree(on: "the samples") {
      try SampleContents(
        of: [partition.train, partition.validation], in: components.dataset, like: before?.contents)
    }
    // The first calls into the dataset that do more than ask.
    mendDescriptors()
    progress.contents = contents
    try compareData()
    try world.agree(on: "the saved state") {
      if resuming, world.isLeader { record = try RunRecord.read(at: directory.place) }
      if let before { try check(before, contents) }
      if resuming { try useSize(of: before?.epoch ?? 0) }
      if let saved { try restoreModel(saved.model) }
    }
    if before != nil { try receiveModel() }
    try world.agree(on: "the trainer") { if resuming { try beginTrainer(afresh: before == nil) } }
    try planMemory(resuming: resuming)
    if let before {
      try world.agree(on: "the saved state") {
        guard let saved else { return }
        try SavedState.restore(
          saved.trainer, to: try components.trainer.state(), what: "trainer", through: components.model)
      }
      try receiveTrainer(saved?.trainerState)
      progress = before
      progress.contents = contents
      adviseResuming()
    }
    try compareTensors()
    if options.profile, progress.timing.profile == nil { progress.timing.profile = RunProfile() }
    if resuming {
      environment.reporter.note(
        saved == nil
          ? "no state was saved yet: the run starts again"
          : progress.ended ? "all epochs of the run are done" : "the run continues in \(place)")
    }
    lastSave = (environment.now(), progress.epoch, progress.batch)
    try world.agree(on: "the run directory") {
      guard world.isLeader else { return }
      tellOtherPlace()
      record.startSession(on: ModelPlace(of: components.model))
      try directory.write(record, to: RunDirectory.record)
      if options.tensorboard, !progress.ended { board = try .open(for: self) }
    }
  }

  /// Says it where a run goes on elsewhere than it was: the results then are no more those of an uninterrupted run.
  private func tellOtherPlace() {
    guard let before = record.sessions.last?.place else { return }
    let now = ModelPlace(of: components.model)
    guard before != now, !(before.isCPU && now.isCPU && before.precision == now.precision) else { return }
    environment.reporter.warn(
      "the run computed on \(before.title ?? "the CPU") and goes on on \(now.title ?? "the CPU"): results may differ from those of an uninterrupted run"
    )
  }

  /// Whether the data are those of the saved state.
  private func check(_ saved: Progress, _ contents: SampleContents) throws {
    guard saved.data == progress.data, saved.sums.labelled.count == tasks.count else {
      throw PluginError.invalid(
        "the data have changed since the run began", hint: "restore them, or start a new run")
    }
    guard saved.contents.map({ $0 == contents }) ?? true else {
      throw PluginError.invalid(
        "the samples hold other values than when the run began, though their number and their labels are the same",
        hint: "restore the files, or begin a new run")
    }
  }

  /// Whether an option of the model names a file, as weights to start from.
  private var modelReadsAFile: Bool {
    // The host has made the paths absolute.
    (plan.model.options.objectValue ?? [:]).values.contains { $0.stringValue?.hasPrefix("/") == true }
  }

  /// Says what the run works on.
  private func describeData() {
    steps.describe(isFresh: options.initWeights == nil && !modelReadsAFile, to: environment.reporter)
    describeSizes()
    for note in summary.notes { environment.reporter.note(note) }
    for (index, task) in summary.train.tasks.enumerated() {
      let balanced =
        index == sampler.task && sampler.quota != nil ? sampler.distribution(classes: task.classes.count) : nil
      environment.reporter.note(
        RunText.distribution(of: task, balanced: balanced, validation: summary.validation.tasks[index]))
      if !scoredTasks.contains(index) {
        environment.reporter.warn(
          "the task '\(task.name)' has at most one class in the training data: it is left out of the mean accuracy")
      }
    }
  }

  /// Splits batches that do not fit into the memory that there is, and lends the sample cache what is left.
  private func planMemory(resuming: Bool) throws {
    let largest = try world.agree(on: "the largest size of inputs") { try self.largest() }
    var components = components
    components.model = largest.model
    let planner = MemoryPlanner(
      plan: plan, components: components, input: largest.input, reporter: environment.reporter, batchSize: largestShare,
      processes: world.localSize)
    let memory = try world.agree(on: "the memory") { try planner.memoryPlan(resuming: resuming) }
    // All pass their rows through the model in as many parts: in as small ones as the process with the least memory.
    let asked = try world.gather(
      [record.plan.run.microBatch ?? memory?.microBatch].compactMap { $0 }, of: "the memory"
    ).flatMap { $0 }.min()
    try world.agree(on: "the memory") {
      guard let size = asked, size < largestShare else { return }
      try planner.useMicroBatches(of: size, for: memory)
      record.plan.run.microBatch = size
    }
    record.memory = memory
    guard let memory else {
      environment.reporter.detail("the model gives no memory estimate: the memory is not checked")
      return
    }
    planner.describe(memory)
    if let left = try planner.bytesLeft(by: memory) { reader.cache?.limit(to: max(0, left)) }
  }

  /// Makes the trainer ready; for a run that goes on, once the model has its values. Throws ``PluginError`` where trainer, model
  /// and data do not fit; for a new run that is before an old one in its directory is touched.
  ///
  /// - Parameter afresh: no step was taken yet; a file to start from is read.
  func beginTrainer(afresh: Bool) throws {
    let start = afresh ? try options.initWeights.map(StartingPoint.init) : nil
    if let note = try start?.fill(components.model) { environment.reporter.warn(note) }
    try joinTrainer()
    if let start {
      let (count, note) = try start.fill(components.trainer, of: components.model)
      if let note { environment.reporter.warn(note) }
      environment.reporter.note(
        "starts from \(start.path)"
          + (count > 0 ? " with \(count) tensors of its optimiser's state" : ", only the weights"))
    }
    if components.trainer.keepsAverage {
      environment.reporter.note("validation and all models that are written use the average of the weights")
    }
    if components.trainer.calibrates { fittingHalf = try CalibrationPass.fittingHalf(of: self) }
  }

  /// Gives the trainer its model, and both their share of each batch.
  func joinTrainer() throws {
    try components.trainer.begin(components.model, run: specification)
    hasBegun = true
    try useShare()
  }

  private var specification: RunSpecification {
    RunSpecification(
      epochs: options.epochs, stepsPerEpoch: steps.perEpoch, batchSize: options.batchSize,
      balanced: sampler.quota != nil, balancedTask: tasks[sampler.task].name,
      tasks: summary.train.tasks.map { .init(name: $0.name, classes: $0.classes, counts: $0.counts) })
  }
}

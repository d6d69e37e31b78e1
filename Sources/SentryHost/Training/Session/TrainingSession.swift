import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// One start of the program that trains: from a plan and its components to a directory of results.
package struct TrainingSession {
  package let plan: RunPlan
  package let components: RunComponents
  package let mode: RunDirectoryMode
  package let environment: SessionEnvironment
  /// Makes the components of a plan around a dataset, where the size of inputs changes during the run.
  package typealias Remake = (RunPlan, ImportedDataset) throws -> RunComponents
  let remake: Remake?

  /// - Parameter plan: for ``RunDirectoryMode/resume``, that of the run (``RunRecord/plan(at:)``) with `run.output` as the
  ///   directory is now called; what decides on the results must be as it was.
  package init(
    plan: RunPlan, components: RunComponents, directory: RunDirectoryMode, environment: SessionEnvironment,
    remake: Remake? = nil
  ) {
    self.remake = remake
    self.plan = plan
    self.components = components
    mode = directory
    self.environment = environment
  }

  /// Trains until the last epoch, the trainer's end or the user's. Throws ``PluginError``; then the state that was saved
  /// last is still there.
  package func run() throws -> TrainingOutcome {
    do {
      return try train()
    } catch let error as FormatError {
      let place = [error.file, error.place ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
      throw PluginError("\(place): \(error.detail)", hint: error.hint)
    }
  }

  private func train() throws -> TrainingOutcome {
    let world = environment.world
    let signals =
      environment.handlesSignals
      ? StopSignals(
        stopsOnClosedOutput: true, endingWith: world.size > 1 ? lastWords : nil,
        unless: world.isLeader ? nil : world.leaderProcess) : nil
    defer { withExtendedLifetime(signals) {} }
    let directory = RunDirectory(
      path: plan.run.output, bestFile: plan.run.bestFile, finalFile: plan.run.finalFile,
      willWrite: environment.willWrite)
    try world.compare(plan.items, of: "the plan of the run")
    let run = try world.agree(on: "the components of the run") {
      try plan.run.check()
      if world.isLeader {
        try directory.check(mode)
        if mode == .resume { try checkPlan(against: RunRecord.read(at: directory.path).plan) }
      }
      let partition = try DataPartition(of: components.dataset, options: plan.run)
      let run = try TrainingRun(plan, components, partition, directory, environment, remake: remake)
      if mode != .resume {
        try run.useSize(of: 0)
        try run.beginTrainer(afresh: true)
      }
      return run
    }
    // The directory is the leader's: nobody else need see it.
    let lock = try world.agree(on: "the run directory") { world.isLeader ? try directory.open(mode) : nil }
    defer { withExtendedLifetime(lock) {} }
    try run.begin(resuming: mode == .resume)
    do {
      return try run.execute()
    } catch {
      run.recordFailure(error)
      throw error
    }
  }

  /// What the leader says when the launcher ends it, because another process has ended or the user wants it: there is no time to
  /// save. Where the leader is what has ended, rank 1 says it.
  private var lastWords: String {
    guard environment.world.rank <= 1 else { return "" }
    return TerminalText.printable(
      "ended from outside; what was saved last is in \(plan.run.output)\n"
        + "continue with any number of processes: sentry train \(plan.recipe.name) --resume \(plan.run.output)") + "\n"
  }

  private func checkPlan(against before: RunPlan) throws {
    let differences = plan.differences(from: before)
    guard differences.isEmpty else {
      throw PluginError.invalid(
        "the run cannot be resumed with other settings: \(differences.joined(separator: "; "))",
        hint: "resume it with its own settings, or start another run with another --output")
    }
    for (kind, now) in plan.choices {
      guard let then = before.choices[kind],
        now.sha256 != then.sha256 || now.library?.sha256 != then.library?.sha256
      else { continue }
      environment.reporter.warn(
        "the plugin \(now.plugin) has changed since the run began: results may differ from those of an uninterrupted run"
      )
    }
  }
}

extension RunPlan {
  /// What decides on the results and is not as in `other`, in words.
  package func differences(from other: RunPlan) -> [String] {
    var found = run.differences(from: other.run).map { "run.\($0)" }
    for kind in ComponentKind.ofRuns {
      let (now, then) = (choices[kind], other.choices[kind])
      guard now?.name != then?.name || (now?.recordedOptions ?? now?.options) != then?.options else { continue }
      found.append(
        "\(kind.rawValue) was \(then?.name ?? "none")\(now?.name == then?.name ? " with other options" : "")")
    }
    return found
  }
}

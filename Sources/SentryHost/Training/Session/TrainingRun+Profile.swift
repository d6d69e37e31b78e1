import SentryPluginAPI
import SentryRuntime

extension TrainingRun {
  /// What model and trainer do in a step, before it is told apart.
  static let stepPart = "model and trainer, the rest"

  /// Runs a part of the run, and measures it where --profile asks for that.
  func timed<Result>(_ part: String, _ body: () throws -> Result) rethrows -> Result {
    guard options.profile else { return try body() }
    let start = environment.now()
    defer { progress.timing.profile?.seconds[part, default: 0] += environment.now() - start }
    return try body()
  }

  /// Forgets what components measured until now: validation is not told apart.
  func discardProfile() throws {
    guard options.profile else { return }
    _ = (try components.model.takeProfile(), try components.trainer.takeProfile(), reader.clock?.take())
  }

  /// Divides the time of the steps into what the components say of it.
  func takeProfile() throws {
    guard options.profile, var profile = progress.timing.profile else { return }
    profile.steps = progress.step
    profile.images = progress.step * options.batchSize
    for seconds in [try components.model.takeProfile(), try components.trainer.takeProfile()] {
      for (part, time) in seconds ?? [:] where time > 0 {
        profile.seconds[part, default: 0] += time
        profile.seconds[Self.stepPart, default: 0] -= time
      }
    }
    if let loading = reader.clock?.take() {
      profile.loaderSeconds["reading samples", default: 0] += loading.reading
      profile.loaderSeconds["augmentation", default: 0] += loading.augmenting
    }
    progress.timing.profile = profile
  }

  /// Notes when the first step of this start of the program begins and ends.
  func noteStep(begins: Bool) {
    let timing = progress.timing
    guard begins ? !hasStepped : timing.firstStepEnds.count < timing.firstStepBegins.count else { return }
    let time = Machine.secondsSinceStart
    if begins {
      hasStepped = true
      progress.timing.firstStepBegins.append(time)
    } else {
      progress.timing.firstStepEnds.append(time)
      environment.reporter.detail(
        "the first step began \(NumberText.fixed(timing.firstStepBegins.last ?? 0, 2)) s after the program started "
          + "and took \(NumberText.fixed(time - (timing.firstStepBegins.last ?? 0), 2)) s")
    }
  }

  /// How many samples came from memory in this epoch.
  func describeCache() {
    guard let found = reader.cache?.takeStatistics(), found.hits + found.misses > 0 else { return }
    let share = 100 * Double(found.hits) / Double(found.hits + found.misses)
    environment.reporter.detail(
      "\(found.hits) of \(found.hits + found.misses) samples came from memory (\(NumberText.fixed(share, 1)) %), which holds "
        + "\(found.samples) in \(NumberText.bytes(found.bytes)) of at most \(NumberText.bytes(found.capacity))")
  }
}

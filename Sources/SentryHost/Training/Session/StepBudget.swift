import SentryPluginAPI
import SentryRuntime

/// How many steps an epoch and the run have.
struct StepBudget {
  /// Fewer steps than this leave a network near chance that starts from random weights: with 711 small pictures, 220 steps give
  /// 31 % and 920 give 78 %.
  private static let fewSteps = 500

  /// Of an epoch.
  let samples: Int
  let perEpoch: Int
  /// Those of the run, with as many epochs as its least number of steps needs.
  let options: RunOptions
  private let askedEpochs: Int

  private var batchSize: Int { options.batchSize }
  private var epochs: Int { options.epochs }

  init(samples: Int, options: RunOptions) throws {
    (self.samples, askedEpochs) = (samples, options.epochs)
    perEpoch = samples / options.batchSize
    guard perEpoch > 0 else {
      throw PluginError.invalid(
        "an epoch has \(samples) samples, fewer than one batch of \(options.batchSize)",
        hint: "give a smaller --batch-size or more data")
    }
    self.options = options.lengthened(stepsPerEpoch: perEpoch)
  }

  /// Tells what an epoch leaves out, and where a run is too short to learn from random weights what to try.
  ///
  /// - Parameter isFresh: the run starts from random weights.
  func describe(isFresh: Bool, to reporter: any TrainingReporter) {
    let left = samples % batchSize
    if left > 0 {
      reporter.note(
        "an epoch has \(NumberText.counted(perEpoch, "step")) of \(batchSize) samples; the last, incomplete batch (\(left) of \(samples) samples, "
          + "different in each epoch) is not trained on")
    }
    if epochs != askedEpochs {
      reporter.note(
        "the samples are few: the run has \(epochs) epochs in place of \(askedEpochs), with a validation after every "
          + "\(options.validateEvery), so that it has \(options.minSteps) steps or more (--min-steps 0 leaves it at \(askedEpochs))"
      )
    }
    let steps = perEpoch * epochs
    guard steps < Self.fewSteps, isFresh else { return }
    reporter.warn(
      "the run has \(NumberText.counted(steps, "step")) (\(perEpoch) per epoch); a model with random weights learns little in fewer than "
        + "\(Self.fewSteps). Try \(advice)weights to start from (--init-weights)")
  }

  private var advice: String {
    // The largest usual batch with which the epochs of the run suffice.
    let smaller = [32, 16, 8].filter { $0 < batchSize && $0 <= samples }
    guard let batch = smaller.first(where: { samples / $0 * epochs >= Self.fewSteps }) ?? smaller.last else {
      return "more --epochs, or "
    }
    return "--batch-size \(batch) (\(NumberText.counted(samples / batch, "step")) an epoch), more --epochs, or "
  }
}

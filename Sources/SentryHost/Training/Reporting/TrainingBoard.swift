import SentryExchange
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// What TensorBoard is told of a run. A step is an epoch.
final class TrainingBoard {
  /// A picture that takes longer, and more than a twentieth of the epoch, is drawn at the end only.
  static let patience = 0.3

  private let file: EventFile
  private let environment: SessionEnvironment
  private let tasks: [ClassificationTask]
  /// Of the validation under way; empty where the trainer does not tell its answers.
  private(set) var matrices: [ConfusionMatrix] = []
  private var seconds = 0.0
  /// What is drawn with; nil once that has failed.
  private var gnuplot: Gnuplot?
  /// Drawn at the end of the next epoch: the run begins without waiting for it.
  private var samples: (() -> Figure?)?

  /// - Parameter samples: makes the picture of some training samples, where that is not yet told.
  init(_ file: EventFile, _ environment: SessionEnvironment, tasks: [ClassificationTask], samples: (() -> Figure?)?) {
    self.file = file
    self.environment = environment
    self.tasks = tasks
    self.samples = samples
    gnuplot = environment.gnuplot
  }

  func beginValidation() { matrices = tasks.map { ConfusionMatrix(classCount: $0.classes.count) } }

  /// Counts the answers to a batch of validation samples.
  func count(_ batch: LoadedBatch, _ result: StepResult) throws {
    // A trainer may leave them out; gnuplot may be missing.
    guard gnuplot != nil, matrices.count == tasks.count, result.logits.count == tasks.count else { return }
    let targets = try batch.targets.elements(as: Int64.self)
    for (task, logits) in result.logits.enumerated() {
      let classes = tasks[task].classes.count
      guard logits.shape == [batch.count, classes] else {
        throw PluginError("the trainer gave logits \(logits.shape) for '\(tasks[task].name)'")
      }
      let values = try logits.elements(as: Float.self)
      for row in 0..<batch.count {
        guard let truth = Int(exactly: targets[row * tasks.count + task]), truth >= 0 else { continue }
        matrices[task].add(truth: truth, predicted: argmax(values[row * classes..<(row + 1) * classes]))
      }
    }
    withExtendedLifetime((batch, result)) {}
  }

  func write(text: String) throws {
    try file.add([.text(tag: "options", text)], step: 0)
    try flush()
  }

  /// - Parameters:
  ///   - epoch: the one that has just ended, counted from 1, the last of the history.
  ///   - isLast: training has ended.
  func write(epoch: Int, _ history: History, _ timing: Timing, isLast: Bool) throws {
    try write(scalarsOf: epoch, history, timing)
    let isQuick = seconds < max(Self.patience, 0.05 * (timing.seconds.last ?? 0))
    let known = zip(tasks, matrices).filter { $1.total > 0 && $0.classes.count <= Figure.mostClasses }.map {
      ConfusionFigure.Matrix(task: $0, confusion: $1)
    }
    if !known.isEmpty, isQuick || isLast {
      let start = environment.now()
      try draw(ConfusionFigure.figure(known, name: "confusion_matrix"), epoch)
      seconds = environment.now() - start
    }
    if let figure = samples?() { try draw(figure, epoch) }
    // They are of this epoch: the next one may have no validation.
    (samples, matrices) = (nil, [])
    try flush()
  }

  func write(scalarsOf epoch: Int, _ history: History, _ timing: Timing) throws {
    guard let index = history.epochs.lastIndex(of: epoch) else { return }
    var values = history.columns.compactMap { name, column in column[index].map { (Self.tag(name), $0) } }
    if let place = timing.epoch.lastIndex(of: epoch) {
      values += [
        ("speed/images_per_second", timing.imagesPerSecond[place]), ("speed/epoch_seconds", timing.seconds[place]),
        ("memory/peak_megabytes", Double(timing.peakMemoryBytes[place]) / 1e6),
      ]
    }
    try file.add(
      values.sorted { $0.0 < $1.0 }.map { EventValue.scalar(tag: $0.0, $0.1) }, step: epoch)
  }

  func flush() throws {
    try environment.willWrite(file.path)
    try file.flush()
  }

  /// The tag of a column of history.json: curves that belong together share what is before the slash.
  static func tag(_ column: String) -> String {
    for (side, name) in [("train", "training"), ("val", "validation")] {
      if column == "\(side)_loss" { return "loss/\(name)" }
      if column == "\(side)_acc" { return "accuracy/\(name)" }
      if column.hasPrefix("\(side)_acc/") { return "accuracy_\(column.dropFirst(side.count + 5))/\(name)" }
    }
    return column == "lr" ? "learning_rate" : column.contains("/") ? column : "metrics/\(column)"
  }

  /// What keeps a picture from being drawn is told once and does not fail the run.
  private func draw(_ figure: Figure, _ epoch: Int) throws {
    guard let gnuplot else { return }
    let png: [UInt8]
    do {
      png = try gnuplot.render(figure, .light, as: .png)
    } catch {
      self.gnuplot = nil
      return environment.reporter.warn("no images are written for TensorBoard: \(error.message)")
    }
    try file.add(
      [.picture(tag: figure.name, png: png, width: figure.width * 2, height: figure.height * 2)], step: epoch)
  }
}

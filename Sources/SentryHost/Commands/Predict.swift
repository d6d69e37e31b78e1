import ArgumentParser
import Glibc
import SentryFormats
import SentryPluginAPI

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lets a trained model judge arrays.",
    discussion: """
      Prints one line a sample and task, as CSV: the sample, the task, the predicted class, and the probability of every class. The \
      model, its classes and its input come from the checkpoint.

      With --mc-dropout N the model answers N times with its drop-out on (Gal and Ghahramani 2016): the probabilities are the       means over the answers, and columns sd_CLASS tell how far they spread.

      Models give research indicators, never a diagnosis.
      """)

  @OptionGroup var global: GlobalOptions

  @Option(help: "The checkpoint, a .pth file that sentry train wrote.", completion: .file(extensions: ["pth"]))
  var model: String

  @Option(
    help: """
      A folder for the logits of each task, as TASK_logits.npy [N, classes]; with --mc-dropout for TASK_probabilities.npy and \
      TASK_deviations.npy.
      """, completion: .directory)
  var output: String?

  @Option(name: .customLong("mc-dropout"), help: "Answers to draw with drop-out on; 0 answers once, without.")
  var samples = 0

  @Option(help: "The seed of --mc-dropout: same seed, same answers.") var seed: UInt64 = 42

  @Flag(help: "Replace logits that are already in the output folder.") var overwrite = false

  @Option(help: "How many samples are computed at once.") var batchSize = 64

  @Option(help: "Compute threads; 0 means one for each CPU core.") var threads = 0

  @Argument(
    help: "Arrays in .npy files, preprocessed as in training: one sample, or several along a first axis.",
    completion: .file(extensions: ["npy"]))
  var inputs: [String]

  func validate() throws {
    if samples < 0 || samples == 1 { throw ValidationError("--mc-dropout is \(samples), at least 2 are needed") }
    if batchSize < 1 { throw ValidationError("--batch-size is \(batchSize), at least 1 is needed") }
    if threads < 0 { throw ValidationError("--threads is \(threads), at least 0 is needed") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    try HostState.shared.startExecutor(threads: threads)
    let trained = try TrainedModel(model, registry: Registry(global.discover()))
    if let output { try checkAbsent(trained.tasks, in: output) }
    let arrays = try InputArrays(inputs, shape: trained.model.specification.input.shape)
    if samples > 0 { return try sample(trained, arrays) }
    var logits = [[Float]](repeating: [], count: trained.tasks.count)
    for first in stride(from: 0, to: arrays.names.count, by: batchSize) {
      for (task, tensor) in try trained.logits(for: arrays.batch(from: first, count: batchSize)).enumerated() {
        logits[task] += try tensor.array(of: Float.self)
      }
    }
    if let output { try write(logits, of: trained.tasks, samples: arrays.names.count, to: output) }
    for (task, values) in zip(trained.tasks, logits) { printTable(task, values, arrays.names) }
  }

  private func write(_ logits: [[Float]], of tasks: [ClassificationTask], samples: Int, to folder: String) throws {
    try SystemFile.makeFolder(folder)
    for (task, values) in zip(tasks, logits) {
      let stored = try StoredTensor(values, shape: [samples, task.classes.count])
      try NPYFile.write(stored, to: Self.path(of: task, in: folder))
    }
  }

  private static func path(of task: ClassificationTask, in folder: String) -> String {
    "\(folder)/\(task.name)_logits.npy"
  }

  /// Before anything is computed: what is there already is not to be lost.
  private func checkAbsent(_ tasks: [ClassificationTask], in folder: String) throws {
    for path in tasks.map({ Self.path(of: $0, in: folder) }) where !overwrite && access(path, F_OK) == 0 {
      throw PluginError.invalid("\(path) exists", hint: "give another --output, or --overwrite")
    }
  }

  private func printTable(_ task: ClassificationTask, _ logits: [Float], _ names: [String]) {
    let classes = task.classes.count
    Console.result((["sample", "task", "predicted"] + task.classes.map { "p_\($0)" }).joined(separator: ","))
    let odds = softmax(logits, classes: classes)
    for (row, name) in names.enumerated() {
      let range = row * classes..<(row + 1) * classes
      let best = range.max { logits[$0] < logits[$1] } ?? range.lowerBound
      Console.result(
        ([Self.quoted(name), task.name, task.classes[best - range.lowerBound]] + odds[range].map { "\(Float($0))" })
          .joined(separator: ","))
    }
  }
}

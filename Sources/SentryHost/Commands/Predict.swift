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

      Models give research indicators, never a diagnosis.
      """)

  @OptionGroup var global: GlobalOptions

  @Option(help: "The checkpoint, a .pth file that sentry train wrote.", completion: .file(extensions: ["pth"]))
  var model: String

  @Option(help: "A folder for the logits of each task, as TASK_logits.npy [N, classes].", completion: .directory)
  var output: String?

  @Flag(help: "Replace logits that are already in the output folder.") var overwrite = false

  @Option(help: "How many samples are computed at once.") var batchSize = 64

  @Option(help: "Compute threads; 0 means one for each CPU core.") var threads = 0

  @Argument(
    help: "Arrays in .npy files, preprocessed as in training: one sample, or several along a first axis.",
    completion: .file(extensions: ["npy"]))
  var inputs: [String]

  func validate() throws {
    if batchSize < 1 { throw ValidationError("--batch-size is \(batchSize), at least 1 is needed") }
    if threads < 0 { throw ValidationError("--threads is \(threads), at least 0 is needed") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    try HostState.shared.startExecutor(threads: threads)
    let trained = try TrainedModel(model, registry: Registry(global.discover()))
    if let output { try checkAbsent(trained.tasks, in: output) }
    let arrays = try InputArrays(inputs, shape: trained.model.specification.input.shape)
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
    for (row, name) in names.enumerated() {
      let values = logits[(row * classes)..<((row + 1) * classes)].map(Double.init)
      let peak = values.max() ?? 0
      let odds = values.map { exp($0 - peak) }
      let sum = odds.reduce(0, +)
      let best = values.firstIndex(of: peak) ?? 0
      let quoted =
        name.contains { $0 == "," || $0 == "\"" || $0 == "\n" } ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
      Console.result(
        ([quoted, task.name, task.classes[best]] + odds.map { "\(Float($0 / sum))" }).joined(separator: ","))
    }
  }
}

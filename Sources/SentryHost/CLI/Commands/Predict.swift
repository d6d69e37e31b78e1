import ArgumentParser
import Logging
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts the classes of files or arrays.",
    discussion: """
      Files are what the model's preprocessing reads, images for example; of a folder, all that are below it. They are prepared as \
      in validation: how, the model, its classes and its input come from the checkpoint. For a model of sequences, .npy files are \
      recordings as the training's data have them; --prepared, or one axis more, says that they are inputs already. For other \
      models arrays in .npy files are taken as they are: preprocessed as in training, one sample, or several along a first axis.

      Prints a line for each sample with the class of each task and its probability; for arrays a table for each task, as CSV. \
      --json prints one array of objects, --csv one table with the columns of an evaluation's predictions.csv.

      With --mc-dropout N the model answers N times with its drop-out on (Gal and Ghahramani 2016): the probabilities are the \
      means over the answers, and deviations (columns sd_CLASS) tell how far they spread.

      Models give research indicators, never a diagnosis.
      """)

  @OptionGroup var global: GlobalOptions

  @Option(help: "The checkpoint: .pth or safetensors.", completion: .file())
  var model: String

  @OptionGroup var recipe: ModelRecipe

  @Flag(help: "Print one array of JSON objects.") var json = false

  @Flag(help: "Print one table, as CSV.") var csv = false

  @Option(
    help: """
      A folder for predictions.csv and the logits of each task, as TASK_logits.npy [N, classes]; with --mc-dropout for \
      TASK_probabilities.npy and TASK_deviations.npy.
      """, completion: .directory)
  var output: String?

  @Flag(help: "Brighten dark images and even out their contrast first, as live pictures are prepared.")
  var lowLight = false

  @Flag(exclusivity: .exclusive) var arrays: Arrays?

  /// What .npy files hold.
  enum Arrays: String, EnumerableFlag {
    case raw, prepared

    static func help(for value: Arrays) -> ArgumentHelp? {
      switch value {
      case .raw: "Files .npy hold whole recordings: cut and normalise them as in validation."
      case .prepared: "Files .npy hold inputs of the model, cut and normalised as in training."
      }
    }
  }

  @Option(help: ArgumentHelp("Skip up to N unreadable files instead of stopping.", valueName: "n"))
  var skipBad = 0

  @Option(name: .customLong("mc-dropout"), help: "Answers to draw with drop-out on; 0 answers once, without.")
  var samples = 0

  @Option(help: "The seed of --mc-dropout: same seed, same answers.") var seed: UInt64 = 42

  @Flag(help: "Replace what is already in the output folder.") var overwrite = false

  @Option(help: "How many samples are computed at once.") var batchSize = 64

  @Option(help: ArgumentHelp("Loader threads; 0 reads files on the main thread.", valueName: "n")) var workers = 4

  @Option(help: "Compute threads; 0 means one for each CPU core.") var threads = 0

  @Argument(help: "Images or whatever the model's preprocessing reads, folders of them, or .npy files.")
  var inputs: [String]

  func validate() throws {
    if json && csv { throw ValidationError("--json and --csv exclude each other") }
    if samples < 0 || samples == 1 { throw ValidationError("--mc-dropout is \(samples), at least 2 are needed") }
    if batchSize < 1 { throw ValidationError("--batch-size is \(batchSize), at least 1 is needed") }
    if !(0...256).contains(workers) { throw ValidationError("--workers is \(workers), 0 to 256 are possible") }
    if threads < 0 { throw ValidationError("--threads is \(threads), at least 0 is needed") }
    if skipBad < 0 { throw ValidationError("--skip-bad is \(skipBad), at least 0 is needed") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let log = Logger.host
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    try HostState.shared.startExecutor(threads: threads)
    let registry = Registry(try global.discover())
    let trained = try TrainedModel(model, registry: registry, recipe: recipe.name)
    for note in try trained.notes + [trained.noteOnUntrainedTasks()].compactMap(\.self) { log.warning("\(note)") }
    let folder = try output.map {
      try PredictionWriter($0, tasks: trained.trainedTasks, isSampled: samples > 0, overwrite: overwrite)
    }
    let source = try PredictionSource(trained, registry: registry, options: lowLight ? ["low-light": true] : [:])
    let found = try source.find(inputs, raw: arrays.map { $0 == .raw })
    if found.otherFiles > 0 { log.info("files of other kinds are passed over: \(found.otherFiles)") }
    let prediction = try source.predict(found, with: predictor(trained))
    for sample in prediction.skipped { log.warning("left out: \(sample.reason)") }
    try folder?.write(prediction)
    let form: PredictionFormatter.Form = json ? .json : csv ? .csv : found.areArrays ? .tables : .lines
    Console.result(String(try PredictionFormatter.text(prediction, form).dropLast()))
  }

  private func predictor(_ trained: TrainedModel) -> Predictor {
    var predictor = Predictor(trained: trained, batchSize: batchSize, workers: workers, skipBad: skipBad)
    if samples > 0 { predictor.sampling = MonteCarlo(model: trained, answers: samples, seed: seed) }
    predictor.progress = { done, total in
      // One batch needs no news.
      if total > batchSize { ProgressReports.shared.report("samples", done: done, total: total) }
    }
    return predictor
  }
}

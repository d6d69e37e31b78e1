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
      Reads the files that the model's preprocessing supports, for example images. Folders are read recursively. The checkpoint \
      determines the model, its classes, its input and the preprocessing, which is that of validation. For sequence models, .npy \
      files are recordings as in the training data; with --prepared or one axis more they are inputs of the model. For other \
      models, .npy files are preprocessed inputs: one sample, or several along the first axis.

      Prints one line per sample with the class of each task and its probability; for arrays, a CSV table per task. --json \
      prints one array of objects, --csv one table with the columns of predictions.csv of an evaluation.

      With --mc-dropout N the model predicts N times with dropout on (Gal and Ghahramani 2016): the probabilities are the means \
      of the predictions, and the columns sd_CLASS their standard deviations.

      If the checkpoint names a detector, --crop auto finds what it detects in photographs, and predicts the picture of each \
      instance: the margin around its box is that of the checkpoint. Pictures as small as those of the training are taken whole. \
      A photograph without an instance says so. --json and --csv give the box of each, in pixels.

      Models give research indicators, never a diagnosis.
      """)

  @OptionGroup var global: GlobalOptions

  @Option(help: "The checkpoint: .pth or safetensors.", completion: .file())
  var model: String

  @OptionGroup var recipe: ModelRecipe
  @OptionGroup var use: ModelFlags

  @Flag(help: "Print one array of JSON objects.") var json = false

  @Flag(help: "Print one CSV table.") var csv = false

  @Option(
    help: """
      The output folder for predictions.csv and the logits of each task, TASK_logits.npy [N, classes]; with --mc-dropout \
      for TASK_probabilities.npy and TASK_deviations.npy, with --tta for TASK_probabilities.npy.
      """, completion: .directory)
  var output: String?

  @Flag(help: "Brighten dark images (gamma) and equalise their contrast (CLAHE) first.")
  var lowLight = false

  @Option(
    help: ArgumentHelp(
      """
      auto: find instances in photographs, and take pictures like those of the training whole; none: take all pictures whole; \
      or the word for what the checkpoint's detector finds: find instances in every picture.
      """, valueName: "auto|none|word"))
  var crop = "auto"

  @Flag(help: "Turn each cut-out so that the two keypoints that the checkpoint names are level.") var align = false

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("An option of the detector or the model; repeatable.", valueName: "scope.option=value"))
  var settings: [String] = []

  @Flag(exclusivity: .exclusive) var arrays: Arrays?

  /// What .npy files hold.
  enum Arrays: String, EnumerableFlag {
    case raw, prepared

    static func help(for value: Arrays) -> ArgumentHelp? {
      switch value {
      case .raw: "Treat .npy files as recordings: cut and normalise them as in validation."
      case .prepared: "Treat .npy files as inputs of the model, already cut and normalised."
      }
    }
  }

  @Option(help: ArgumentHelp("Skip up to N unreadable files instead of stopping.", valueName: "n"))
  var skipBad = 0

  @Option(
    name: .customLong("mc-dropout"), help: "Predictions to draw with dropout on; 0: one prediction without dropout.")
  var samples = 0

  @Option(help: ViewAveraging.help) var tta: String?

  @Option(help: "The seed of --mc-dropout; the same seed gives the same predictions.") var seed: UInt64 = 42

  @Flag(help: "Replace existing predictions in the output folder.") var overwrite = false

  @Option(help: "Samples per batch.") var batchSize = 64

  @Option(help: ArgumentHelp("Loader threads; 0 reads files on the main thread.", valueName: "n")) var workers = 4

  @Option(help: "Compute threads; 0: one per CPU core.") var threads = 0

  @Argument(help: "Images or other files that the model's preprocessing reads, folders of them, or .npy files.")
  var inputs: [String]

  func validate() throws {
    if json && csv { throw ValidationError("--json and --csv exclude each other") }
    if align && crop == "none" { throw ValidationError("--align has no effect with --crop none") }
    if samples < 0 || samples == 1 { throw ValidationError("--mc-dropout is \(samples) but must be at least 2") }
    if samples > 0 && tta != nil {
      throw ValidationError(
        "--mc-dropout and --tta exclude each other: the first draws dropout on one view, the second averages views "
          + "without dropout; leave one of them out")
    }
    if batchSize < 1 { throw ValidationError("--batch-size is \(batchSize) but must be at least 1") }
    if !(0...256).contains(workers) { throw ValidationError("--workers is \(workers) but must be 0 to 256") }
    if threads < 0 { throw ValidationError("--threads is \(threads) but must be at least 0") }
    if skipBad < 0 { throw ValidationError("--skip-bad is \(skipBad) but must be at least 0") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let log = Logger.host
    let output = output.map { OutputPlace($0).place }
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    try HostState.shared.startExecutor(threads: threads)
    let registry = Registry(try global.discover(), device: use.place.choice)
    var settings = settings
    let use = try use.use(takingFrom: &settings)
    let trained = try TrainedModel(model, registry: registry, recipe: recipe.name, use: use)
    tellDevice(of: trained.model)
    for note in try trained.notes + [trained.noteOnUntrainedTasks()].compactMap(\.self) { log.warning("\(note)") }
    let folder = try output.map {
      try PredictionWriter(
        $0, tasks: trained.trainedTasks, values: samples > 0 ? .sampled : tta == nil ? .logits : .averaged,
        overwrite: overwrite)
    }
    let source = try PredictionSource(
      trained, registry: registry, options: lowLight ? ["low-light": true] : [:], cropping: cropping, settings: settings
    )
    let found = try source.find(inputs, raw: arrays.map { $0 == .raw })
    if found.otherFiles > 0 { log.info("\(NumberText.counted(found.otherFiles, "file")) of other types ignored") }
    var predictor = predictor(trained)
    predictor.views = try tta.map(source.views)
    let prediction = try source.predict(found, with: predictor)
    for sample in prediction.skipped { log.warning("skipped: \(sample.reason)") }
    try folder?.write(prediction)
    let form: PredictionFormatter.Form = json ? .json : csv ? .csv : found.areArrays ? .tables : .lines
    Console.result(String(try PredictionFormatter.text(prediction, form).dropLast()))
  }

  private var cropping: PredictionSource.Cropping {
    switch crop {
    case "auto": .auto(aligned: align)
    case "none": .none
    default: .always(of: crop, aligned: align)
    }
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

import ArgumentParser
import Logging
import SentryInference
import SentryPluginAPI
import SentryRuntime
import SentryTraining

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a trained model's embeddings of a dataset as feature vectors.",
    discussion: """
      Each sample becomes one vector in a .npy file under train/, val/ or test/, named after what the dataset calls it \
      (samples.csv lists both). labels.json of each split holds the class of every labelled task and the subject where it is \
      known, or the recording, tasks.json the classes' names; features.json tells which model made the vectors. The samples are prepared as in \
      the model's training. The folder appears whole or not at all.
      """)

  /// Which samples.
  enum Splits: String, ExpressibleByArgument, CaseIterable {
    case all, train, validation, test

    var splits: [Split] {
      switch self {
      case .all: Split.allCases
      case .train: [.train]
      case .validation: [.validation]
      case .test: [.test]
      }
    }
  }

  @OptionGroup var global: GlobalOptions

  @Option(help: "The checkpoint, a .pth file that sentry train wrote.", completion: .file(extensions: ["pth"]))
  var model: String

  @OptionGroup var recipe: ModelRecipe
  @OptionGroup var use: ModelFlags

  @Option(help: "The file or folder that the dataset reads.", completion: .file()) var data: String?

  @Option(help: "The folder for the vectors.", completion: .directory) var output: String

  @Option(
    help: ArgumentHelp(
      "A dataset other than that of the training; auto: the dataset that recognises --data.", valueName: "name"))
  var dataset: String?

  @Option(help: "The split to embed.") var split = Splits.all

  @Option(help: ArgumentHelp("The embedding to write, if the model has several.", valueName: "name")) var outputName =
    "embedding"

  @Option(help: ArgumentHelp("Samples per batch.", valueName: "n")) var batchSize = 64

  @Option(help: ArgumentHelp("Loader threads; 0 loads on the main thread.", valueName: "n")) var workers = 4

  @Option(help: ArgumentHelp("Compute threads; 0: one per CPU core.", valueName: "n")) var threads = 0

  @Option(help: ArgumentHelp("Skip up to N unreadable samples instead of stopping.", valueName: "n"))
  var skipBad = 0

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("An option of the dataset or the model; repeatable.", valueName: "scope.option=value"))
  var settings: [String] = []

  @Flag(help: "Replace the features in the output folder.") var overwrite = false

  func validate() throws {
    if batchSize < 1 { throw ValidationError("--batch-size is \(batchSize) but must be at least 1") }
    if !(0...256).contains(workers) { throw ValidationError("--workers is \(workers) but must be 0 to 256") }
    if threads < 0 { throw ValidationError("--threads is \(threads) but must be at least 0") }
    if skipBad < 0 { throw ValidationError("--skip-bad is \(skipBad) but must be at least 0") }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let output = OutputPlace(output)
    let signals = StopSignals()
    defer { withExtendedLifetime(signals) {} }
    try HostState.shared.startExecutor(threads: threads)
    let registry = Registry(try global.discover(), device: use.place.choice)
    var settings = settings
    let use = try use.use(takingFrom: &settings)
    let trained = try TrainedModel(model, registry: registry, recipe: recipe.name, use: use)
    tellDevice(of: trained.model)
    for note in trained.notes { Logger.host.warning("\(note)") }
    let place = try embedding(of: trained)
    let made = try trained.makeDataset(
      .init(dataset: dataset, data: data, settings: settings), registry: registry)
    let augmenter = try trained.makeAugmenter(registry: registry)
    let passes = try splits(of: made.dataset).map { split in
      try EvaluationPass(
        of: trained.asked, over: SampleList(of: split, in: made.dataset), in: made.dataset, augmenter: augmenter,
        batchSize: batchSize, workers: workers, skipBad: skipBad)
    }
    let folder = try FeatureFolder(output.place, tasks: made.dataset.specification.tasks, overwrite: overwrite)
    var (dimension, skipped) = (0, 0)
    for pass in passes {
      skipped += try pass.run { batch in dimension = try write(batch, of: pass, place, to: folder) }.count
    }
    try folder.finish(
      origin: origin(of: trained, dimension: dimension, dataset: made.name, samples: folder.count))
    Console.result(
      "\(folder.count) vectors of \(dimension) numbers in \(output.path)"
        + (skipped > 0 ? "; \(skipped) unreadable samples skipped" : ""))
  }

  /// Where among the model's outputs the embedding is.
  private func embedding(of trained: TrainedModel) throws -> Int {
    let outputs = trained.model.specification.outputs
    if let place = outputs.firstIndex(where: { $0.kind == .embedding && $0.name == outputName }) { return place }
    let names = outputs.filter { $0.kind == .embedding }.map(\.name)
    throw PluginError.invalid(
      "\(model): the model has no embedding '\(outputName)'",
      hint: Suggestion.hint(for: outputName, among: names)
        ?? "the model has no embedding: train a model that provides one")
  }

  private func splits(of dataset: ImportedDataset) throws -> [Split] {
    let splits = split.splits.filter { dataset.count(in: $0) > 0 }
    guard !splits.isEmpty else {
      let present = Split.allCases.filter { dataset.count(in: $0) > 0 }.map { "\($0)" }
      throw PluginError.invalid(
        "the dataset has no samples\(split == .all ? "" : " in its split '\(split.rawValue)'")",
        hint: present.isEmpty ? "check --data" : "it has: \(present.joined(separator: ", "))")
    }
    return splits
  }

  /// - Returns: how many numbers a vector has.
  private func write(_ batch: EvaluationPass.Batch, of pass: EvaluationPass, _ place: Int, to folder: FeatureFolder)
    throws -> Int
  {
    let (tasks, samples) = (pass.dataset.specification.tasks, pass.samples)
    let values = try batch.outputs[place].array(of: Float.self)
    let dimension = values.count / max(batch.positions.count, 1)
    for (row, position) in batch.positions.enumerated() {
      let index = samples.indices[position]
      let name = pass.dataset.name(at: index, in: samples.split)
      let vector = Array(values[row * dimension..<(row + 1) * dimension])
      guard vector.allSatisfy(\.isFinite) else {
        throw PluginError("\(name): the model's embedding is not finite", hint: "the model or the sample is damaged")
      }
      var classes: [String: Int] = [:]
      for (task, target) in zip(tasks, samples.targets(at: position)) where target >= 0 {
        classes[task.name] = Int(target)
      }
      let group = pass.dataset.group(at: index, in: samples.split)
      let isPerson = pass.dataset.specification.groups == .subjects
      try folder.add(
        vector, classes: classes, subject: isPerson ? group : nil, recording: isPerson ? nil : group,
        split: samples.split, name: name)
    }
    ProgressReports.shared.report(
      "\(samples.split) samples", done: (batch.positions.last ?? 0) + 1, total: samples.count)
    return dimension
  }

  /// What features.json says: what made the vectors, for those who train on them.
  private func origin(of trained: TrainedModel, dimension: Int, dataset: String, samples: Int) throws -> JSONValue {
    [
      "created_by": .string("sentry \(Version.sentry)"),
      "model": [
        "path": .string(model), "sha256": .string(try FileIdentity.sha256(of: model)),
        "recipe": .string(trained.recipe),
      ],
      "output": .string(outputName), "dimension": .integer(dimension), "samples": .integer(samples),
      "normalisation": trained.normalisation ?? .null, "dataset": .string(dataset),
    ]
  }
}

import ArgumentParser
import Glibc
import SentryExchange
import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

struct Export: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case onnx, safetensors, pth
  }

  static let configuration = CommandConfiguration(
    abstract: "Writes a trained model for other programs.",
    discussion: """
      onnx: the network for ONNX runtimes, with any batch size. safetensors: the weights and Sentry's description of them, which \
      every command reads. pth: only the weights, for model.load_state_dict(torch.load(FILE)).
      """)

  @OptionGroup var global: GlobalOptions

  @Option(help: "The checkpoint, or a safetensors file that export wrote.", completion: .file())
  var model: String

  @OptionGroup var recipe: ModelRecipe
  @OptionGroup var use: ModelFlags

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("An option of the model; repeatable.", valueName: "model.option=value"))
  var settings: [String] = []

  @Option(help: "The output format; default: from the suffix of --output.") var format: Format?

  @Option(
    help: "The output file; default: beside the model, with the suffix of the format.", completion: .file())
  var output: String?

  @Flag(
    name: .customLong("fold-bn"),
    help: "Fold batch norms into the convolutions before them: fewer operations, the same outputs.")
  var foldNorms = false

  @Flag(help: "Replace an existing output file.") var overwrite = false

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let format = try settledFormat()
    let output = OutputPlace(output ?? Self.defaultOutput(model, format))
    let target = output.place
    if !overwrite, access(target, F_OK) == 0 {
      throw PluginError.invalid("\(output.path) exists", hint: "give another --output, or --overwrite")
    }
    let registry = Registry(try global.discover(), device: use.place.choice)
    let use = try modelUse()
    var (source, origin) = try ModelFile(model).described(by: registry, recipe: recipe.name)
    if let origin { Console.error("\(origin)\n") }
    let untrained = source.about?.untrainedTasks ?? []
    if !untrained.isEmpty {
      Console.error(
        "warning: not trained, so that the answers mean nothing: \(untrained.joined(separator: ", "))"
          + (format == .pth ? "\n" : "; the file says so\n"))
    }
    if foldNorms, !source.folded.isEmpty { throw PluginError.invalid("\(model) already has folded batch norms") }
    let needsGraph = format == .onnx || foldNorms
    let trained = needsGraph || !use.isAsTrained ? try trained(registry, use) : nil
    if trained == nil, self.use.place.choice.excludesCPU {
      throw PluginError.invalid(
        "--device \(self.use.place.choice): \(format) copies the tensors of the file, and nothing is computed",
        hint: "leave it out")
    }
    if let trained, !use.isAsTrained { source.describe(as: trained.choice) }
    let network = needsGraph ? try trained.map(Self.network) : nil
    var tensors = trained.map { source.tensors(namedAs: $0.model.parameters.map(\.name)) } ?? source.tensors
    var folding: NormFolding?
    if foldNorms, let network {
      let stored = Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
      let done = try NormFolding(network.graph, stored, keeping: Set(network.outputs.map(\.name)))
      tensors = Self.ordered(done.tensors, after: tensors.map(\.name))
      folding = done
    }
    switch format {
    case .pth: try PyTorchFile.writeStateDict(tensors, to: target)
    case .safetensors:
      try SafetensorsFile(tensors: tensors, metadata: try metadata(source, folded: folding?.folded ?? [])).write(
        to: target)
    case .onnx:
      guard let network else { return }
      try ONNXExport(
        graph: folding?.graph ?? network.graph,
        tensors: Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first }, input: network.input,
        outputs: network.outputs, metadata: try metadata(source, folded: []), producerVersion: Version.sentry
      ).write(to: target)
    }
    if foldNorms { Console.error("\(folding?.folded.count ?? 0) batch norms folded\n") }
    Console.result(output.path)
  }

  private func settledFormat() throws -> Format {
    if let format { return format }
    let ending = output.map { String($0.split(separator: ".", omittingEmptySubsequences: false).last ?? "") }
    guard let format = ending.flatMap(Format.init) else {
      throw PluginError.invalid(
        "--format is missing", hint: "give --format \(Format.allCases.map(\.rawValue).joined(separator: "|"))")
    }
    return format
  }

  /// `run/best_model.pth` → `run/best_model.onnx`; weights alone are no checkpoint and get a name of their own.
  static func defaultOutput(_ model: String, _ format: Format) -> String {
    let slash = model.lastIndex(of: "/").map(model.index(after:)) ?? model.startIndex
    let stem = model[slash...].lastIndex(of: ".").map { model[..<$0] } ?? model[...]
    return stem + (format == .pth ? "_weights.pth" : ".\(format.rawValue)")
  }

  /// What of the model is otherwise than the file states.
  private func modelUse() throws -> ModelUse {
    var others = settings
    let use = try use.use(takingFrom: &others)
    if let other = others.first {
      throw PluginError.invalid(
        "--set \(other): only options of the model can be set here", hint: "--set model.option=value")
    }
    return use
  }

  private func trained(_ registry: Registry, _ use: ModelUse) throws -> TrainedModel {
    try HostState.shared.startExecutor(threads: 1)
    let trained = try TrainedModel(model, registry: registry, recipe: recipe.name, use: use)
    for note in use.isAsTrained ? [] : trained.notes { Console.error("\(note)\n") }
    return trained
  }

  /// What only the model's plugin knows.
  private static func network(_ trained: TrainedModel) throws -> (
    graph: ModelGraph, input: TensorSpecification, outputs: [ModelSpecification.Output]
  ) {
    let specification = trained.model.specification
    return (try trained.model.graph(), specification.input, specification.outputs)
  }

  private func metadata(_ source: ModelFile, folded: [String]) throws -> [String: String] {
    var texts = ["format": "pt"]
    if let about = source.about { texts[ModelFile.aboutKey] = try JSON.text(about) }
    if !folded.isEmpty { texts[ModelFile.foldedKey] = try JSON.text(folded) }
    return texts
  }

  /// The tensors in the order of the state dict; new ones, biases, behind.
  private static func ordered(
    _ tensors: [String: StoredTensor], after names: [String]
  ) -> [(name: String, tensor: StoredTensor)] {
    let known = Set(names)
    let new = tensors.keys.filter { !known.contains($0) }.sorted()
    return (names + new).compactMap { name in tensors[name].map { (name, $0) } }
  }
}

import SentryFormats
import SentryPluginAPI
import SentryPluginTestKit

@testable import SentryCLI
@testable import SentryExchange
@testable import SentryInference
@testable import SentryRuntime
@testable import SentryTraining

/// What plugins say, and what the host makes of it.
///
/// `Tests/Fuzz/TextFuzzer` has this file by a link.
extension TextReader {
  /// The options of a component, and texts that a user may give for them.
  static func readSchema(_ text: String) throws {
    let schema = try OptionSchema(JSON.decode(from: text, what: "a schema"), what: "a schema")
    let resolver = OptionResolver(holders: [.model: OptionHolder(title: "model 'x'", schema: schema)])
    for option in schema.settable {
      _ = option.fullHelp + option.range
      for value in ["0", "-1e300", "7.5", "yes", "[1, 2]", "{}", ""] {
        let said = OptionAssignment(
          scope: .model, name: option.name, value: .text(value), source: .commandLine("--set"), folder: "/")
        do { _ = try resolver.resolve(.model, [said]) } catch { guard hasWords(error) else { throw error } }
      }
    }
    _ = schema.upToDate(["size": 1, "kind": "slow"])
    // An option may be required.
    do { _ = try resolver.resolve(.model, []) } catch { guard hasWords(error) else { throw error } }
  }

  /// A recipe, its flags on the command line, and what it makes of the run's options.
  static func readRecipe(_ text: String) throws {
    let recipe: Recipe = try JSON.decode(from: text, what: "a recipe")
    if let problem = recipe.flagProblem(reserved: CommandContext.reservedNames) { throw PluginError(problem) }
    for flag in recipe.flags { _ = flag.declared(defaults: recipe.defaults).child }
    let given: [String: String?] = Dictionary(recipe.flags.map { ($0.name, $0.kind == .boolean ? nil : "3") }) {
      first, _ in first
    }
    let request = RunRequest(
      recipe: recipe, named: [:], configuration: [], flags: [], recipeFlags: given, settings: [], command: [])
    let resolver = OptionResolver(holders: [
      .run: OptionHolder(title: "the run", schema: try RunOptions.schema())
    ])
    var options = try resolver.resolve(.run, request.assignments(resolver, onlyRun: true))
    if options["output"] == nil { options["output"] = .string(RunPlanner.output(of: recipe)) }
    try RunOptions(options).check()
  }

  private static let descriptions: [String: any ComponentDescription.Type] = [
    "dataset": DatasetSpecification.self, "augmenter": AugmenterSpecification.self, "files": FileReading.self,
    "views": ViewSets.self, "model": ModelSpecification.self, "source": CatalogEntry.self,
    "detector": DetectorSpecification.self, "features": FeatureSpecification.self, "video": VideoSpecification.self,
    "communicator": CommunicatorSpecification.self,
  ]

  /// A description; the line before it names what of.
  static func readDescription(_ text: String) throws {
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = descriptions[String(parts[0])] else {
      throw PluginError.invalid("the first line names nothing that is described")
    }
    let read = try kind.init(text: String(parts[1]))
    if let files = read as? FileReading { _ = try OptionSchema(files.options, what: "the options of reading") }
  }

  /// A model's graph: what it costs, with its batch norms folded, and as a file.
  static func readGraph(_ text: String) throws {
    let graph: ModelGraph = try JSON.decode(from: text, what: "the model's graph")
    let shapes = [
      "conv.weight": [4, 3, 3, 3], "norm.weight": [4], "norm.bias": [4], "norm.running_mean": [4],
      "norm.running_var": [4], "head.weight": [10, 8], "head.bias": [10], "product.weight": [8, 5],
    ]
    let tensors = try shapes.mapValues { shape in
      try StoredTensor([Float](repeating: 1, count: shape.reduce(1, *)), shape: shape)
    }
    let cost = Result { try GraphCost(graph, input: [3, 8, 8], parameters: shapes) }
    let folding = Result { try NormFolding(graph, tensors, keeping: ["logits"]) }
    _ = try ONNXExport(
      graph: graph, tensors: tensors, input: TensorSpecification(.float32, [3, 8, 8]),
      outputs: [.logits("logits", classes: ["a", "b"])], metadata: [:], producerVersion: "0"
    ).message()
    _ = try folding.get()
    _ = try cost.get()
  }

  /// What a comparison reads back, held against itself.
  static func readEvaluation(_ text: String) throws {
    let evaluation = try StoredEvaluation(text: text, path: StoredEvaluation.name)
    for task in evaluation.tasks {
      _ = TaskComparison(task.name, [[evaluation], [evaluation]], draws: 20, seed: 1)
    }
  }

  /// What the process of a check says of it, as the user is told.
  static func readOutcome(_ text: String) throws {
    let outcome: LawOutcome = try JSON.decode(from: text, what: "an outcome")
    let result = CheckResult(
      subject: "model 'x'", component: "x", check: outcome.law, level: 1, verdict: outcome.verdict,
      messages: outcome.messages, seed: 1, milliseconds: 1)
    let report = CheckReport(
      file: "x.so", plugin: "x", strictness: 1, arguments: [], seed: 1, results: [result])
    _ = try (report.lines + [report.summary, report.junit, JSON.text(report)]).joined()
  }
}

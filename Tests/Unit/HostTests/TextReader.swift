import Foundation
import SentryPluginAPI
import SentryPosture

@testable import SentryCLI
@testable import SentryInference
@testable import SentryRuntime

/// The host's readers of texts from outside. Whatever a text holds, it is read, or refused with words, and soon.
///
/// `Tests/Fuzz/TextFuzzer` has this file by a link.
enum TextReader: String, CaseIterable, Sendable {
  case labels, options, manifest, run, plugin
  case schema, recipe, description, graph, evaluation, outcome

  /// Reads the text; the readers of files find it in `folder`.
  func read(_ text: [UInt8], in folder: String) throws {
    func file(_ name: String) throws -> String {
      try Data(text).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      return "\(folder)/\(name)"
    }
    switch self {
    case .labels:
      let tasks = [
        ClassificationTask("posture", classes: ["upright", "slouched", "leaning"]),
        ClassificationTask("stress", classes: ["calm", "stressed"]),
      ]
      _ = try LabelTable(String(decoding: text, as: UTF8.self), file: "labels.json", tasks: tasks, form: .objectOrList)
    case .options: _ = try ConfigurationFile(path: file("options.yaml"))
    case .manifest: _ = try ForeignManifest(at: file("x\(ForeignManifest.suffix)"))
    case .run:
      _ = try file(RunDirectory.record)
      let record = Result { try RunRecord.read(at: folder) }
      _ = try RunSummary(folder)
      _ = try record.get()
    case .plugin:
      let result = try JSON.decode(ProbeResult.self, from: String(decoding: text, as: UTF8.self), what: "a report")
      for component in result.declaration?.components ?? [] { _ = try OptionSchema(component.schema, what: "a schema") }
    case .schema: try Self.readSchema(String(decoding: text, as: UTF8.self))
    case .recipe: try Self.readRecipe(String(decoding: text, as: UTF8.self))
    case .description: try Self.readDescription(String(decoding: text, as: UTF8.self))
    case .graph: try Self.readGraph(String(decoding: text, as: UTF8.self))
    case .evaluation: try Self.readEvaluation(String(decoding: text, as: UTF8.self))
    case .outcome: try Self.readOutcome(String(decoding: text, as: UTF8.self))
    }
  }

  /// Whether an error says something, and comes to an end.
  static func hasWords(_ error: any Error) -> Bool {
    let words = (error as? PluginError)?.message ?? String(describing: error)
    return !words.isEmpty && words.utf8.count < 200_000
  }
}

import Foundation
import SentryPluginAPI
import SentryPosture
import Testing
@testable import SentryCLI
@testable import SentryInference
@testable import SentryRuntime

/// The host's readers of texts from outside: whatever a text holds, it is read or refused with a word, and soon.
///
/// `scripts/fuzz READER SECONDS` runs one of them for longer; without that a few hundred texts are tried, always the same.
/// The text that was tried last lies in the folder of `SENTRY_FUZZ_FOUND`: after a crash it is the culprit.
@Suite(.serialized) struct TextReaderTests {
  enum Reader: String, CaseIterable, Sendable { case labels, options, manifest, run, plugin }

  private static let texts = (#filePath as NSString).deletingLastPathComponent + "/../../Fuzz/Texts"

  private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

  private static let chosen = Reader.allCases.filter { [nil, $0.rawValue].contains(variable("SENTRY_FUZZ")) }

  @Test(arguments: Self.chosen)
  func noTextIsTooMuch(reader: Reader) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Self.texts)/\(reader.rawValue)").sorted()
    let seeds = try files.map {
      Array(try Data(contentsOf: URL(fileURLWithPath: "\(Self.texts)/\(reader.rawValue)/\($0)")))
    }
    let folder = NSTemporaryDirectory() + "/sentry-texts-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for seed in seeds { try Self.read(seed, as: reader, in: folder) }

    let seconds = Self.variable("SENTRY_FUZZ_SECONDS").flatMap(Double.init)
    let end = Date().addingTimeInterval(seconds ?? .infinity)
    var mutator = TextMutator(seeds: seeds, seed: seconds == nil ? 12 : UInt64.random(in: 0...UInt64.max))
    var (count, slowest) = (0, 0.0)
    while seconds == nil ? count < 400 : Date() < end {
      let text = mutator.next()
      if let found = Self.variable("SENTRY_FUZZ_FOUND") {
        try Data(text).write(to: URL(fileURLWithPath: "\(found)/\(reader.rawValue)-last"))
      }
      let start = Date()
      do { try Self.read(text, as: reader, in: folder) } catch {
        let words = (error as? PluginError)?.message ?? String(describing: error)
        #expect(!words.isEmpty && words.utf8.count < 200_000)
      }
      (count, slowest) = (count + 1, max(slowest, Date().timeIntervalSince(start)))
    }
    if seconds != nil { print("\(reader.rawValue): \(count) texts, the slowest took \(slowest) s") }
  }

  private static func read(_ text: [UInt8], as reader: Reader, in folder: String) throws {
    func file(_ name: String) throws -> String {
      try Data(text).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      return "\(folder)/\(name)"
    }
    switch reader {
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
    }
  }
}

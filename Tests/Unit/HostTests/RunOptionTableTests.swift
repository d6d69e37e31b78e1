import Foundation
import SentryPluginAPI
import Testing
@testable import SentryCLI
@testable import SentryRuntime

/// One table, and what is made from it.
@Suite struct RunOptionTableTests {
  private let documents = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/docs"

  /// A property of ``RunOptions`` that the table does not list could be neither set nor kept.
  @Test func everyPropertyIsListedOnce() {
    let properties = Mirror(reflecting: RunOptions(output: "")).children.compactMap(\.label)
    let names = RunOptions.table.map(\.name)
    #expect(Set(names).count == names.count && names.count == properties.count)
    func plain(_ name: String) -> String { name.filter { $0 != "-" }.lowercased() }
    #expect(names.map(plain).sorted() == properties.map(plain).sorted())
  }

  @Test func valuesComeBackFromTheirJSON() throws {
    var options = RunOptions(output: "out")
    (options.data, options.limit, options.seed, options.augmentation) = ("d", 5, 1 << 40, .strong)
    (options.valFraction, options.initWeights, options.profile) = (0.25, "w.pth", true)
    #expect(try JSON.decode(RunOptions.self, from: try JSON.text(options), what: "run") == options)
    #expect(try RunOptions(["output": "out"]) == RunOptions(output: "out"))
    // What is not set is not written, as before.
    #expect(RunOptions(output: "out").values["limit"] == nil && options.values["limit"] == 5)
    #expect(throws: PluginError.self) { try RunOptions([:]) }
    let error = #expect(throws: PluginError.self) { try RunOptions(["output": "o", "epochs": "many"]) }
    #expect(error?.message == "run.epochs is \"many\" but must be of type integer")
  }

  @Test func formerNamesAreRead() throws {
    let options = try JSON.decode(
      RunOptions.self, from: #"{"output": "o", "hold-out": 0.3, "start": "/w.pth"}"#, what: "run")
    #expect(options.valFraction == 0.3 && options.initWeights == "/w.pth")
    let flags = try RunFlags.parse(["--start", "w.pth"])
    #expect(flags.given.map(\.option.name) == ["init-weights"])
    #expect(flags.given.first?.note == "--start is now called --init-weights")
    #expect(flags.given.first?.value == .text("w.pth"))
    #expect(!RunFlags.helpMessage(columns: 80).contains("--start"))
    // As `--set` and a recipe's defaults would say it.
    let resolver = OptionResolver(holders: [.run: .init(title: "the run", schema: try RunOptions.schema())])
    let old = OptionAssignment(
      scope: .run, name: "hold-out", value: .text("0.4"), source: .commandLine("--set"), folder: "/")
    #expect(try resolver.resolve(.run, [old])["val-fraction"] == 0.4)
  }

  /// The same bounds on the way in and before a run begins; `state-seconds` had two minima.
  @Test func oneBoundForEachOption() throws {
    let schema = try RunOptions.schema()
    for option in RunOptions.table {
      guard let minimum = option.property.minimum, let value = JSONValue?(.integer(Int(minimum) - 1)) else { continue }
      #expect(schema.properties[option.name]?.problem(with: value) != nil, "\(option.name)")
      var options = RunOptions(output: "o")
      guard (try? option.set(value, in: &options)) != nil else { continue }
      #expect(throws: PluginError.self, "\(option.name)") { try options.check() }
    }
    var options = RunOptions(output: "o")
    options.stateSeconds = 0
    #expect(schema.properties["state-seconds"]?.problem(with: 0) == nil)
    try options.check()
  }

  @Test func whatDecidesOnResultsStaysAsItWas() {
    var other = RunOptions(output: "elsewhere")
    (other.workers, other.skipBad, other.data) = (0, 9, "moved")
    #expect(other.differences(from: RunOptions(output: "o")).isEmpty)
    (other.epochs, other.valFraction) = (3, 0.5)
    #expect(other.differences(from: RunOptions(output: "o")) == ["epochs", "val-fraction"])
    #expect(TrainOptions.resumable == "--workers, --threads, --device, --cache-mb and --profile")
  }

  /// docs/training.md, between its marks. `SENTRY_UPDATE_SNAPSHOTS=1` writes it.
  @Test func theDocumentHasTheTable() throws {
    let (path, marks) = ("\(documents)/training.md", ("<!-- run options -->\n", "<!-- end of run options -->"))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let start = try #require(text.range(of: marks.0)).upperBound
    let end = try #require(text.range(of: marks.1)).lowerBound
    if ProcessInfo.processInfo.environment["SENTRY_UPDATE_SNAPSHOTS"] != nil {
      try (text[..<start] + Self.document + text[end...]).write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(
        String(text[start..<end]) == Self.document,
        "if that is intended: SENTRY_UPDATE_SNAPSHOTS=1 swift test --filter RunOptionTableTests")
    }
  }

  private static var document: String {
    let rows = RunOptions.table.map { option -> String in
      let values = option.property.choices.map { " " + $0.compactMap(\.stringValue).joined(separator: "\\|") } ?? ""
      let name = option.flag == nil ? "`--set run.\(option.name)=…`" : "`--\(option.name)\(values)`"
      let fallback =
        option.name == "output" ? "`models/RECIPE_trained`" : option.property.fallback?.shownAsDefault ?? "–"
      let resuming =
        switch option.resuming {
        case .fixed: ""
        case .free: "may change"
        case .given: "may be given"
        }
      return "| \(name) | \(fallback) | \(option.property.help) | \(resuming) |"
    }
    return (["| option | default | what | with `--resume` |", "| --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n") + "\n"
  }
}

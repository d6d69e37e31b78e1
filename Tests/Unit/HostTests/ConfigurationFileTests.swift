import Foundation
import SentryPluginAPI
import Testing
@testable import SentryCLI

@Suite struct ConfigurationFileTests {
  private func read(_ text: String) throws -> ConfigurationFile {
    let path = NSTemporaryDirectory() + "/sentry-configuration-\(UUID().uuidString).yaml"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try ConfigurationFile(path: path)
  }

  @Test func scopesAndComponents() throws {
    let file = try read(
      """
      components: {dataset: mine, augmenter: none}
      run:
        epochs: 3
        balance: true
        limit: null
      trainer: {lr: 1e-3, betas: [0.9, 0.999], name: "12"}
      """)
    #expect(file.components == [.dataset: "mine", .augmenter: "none"])
    let values = Dictionary(
      uniqueKeysWithValues: file.assignments.map { ("\($0.scope.rawValue).\($0.name)", $0.value) })
    #expect(values["run.epochs"] == .value(3))
    #expect(values["run.balance"] == .value(true))
    #expect(values["run.limit"] == .value(.null))
    #expect(values["trainer.lr"] == .value(0.001))
    #expect(values["trainer.betas"] == .value([0.9, 0.999]))
    #expect(values["trainer.name"] == .value("12"))
    guard case .file(_, line: let line)? = file.assignments.first(where: { $0.name == "balance" })?.source else {
      Issue.record("no source")
      return
    }
    #expect(line == 4)
  }

  /// YAML 1.1 has numbers to the base of 60, which would make 2890 of it.
  @Test func textsWithColonsNeedNoQuotes() throws {
    let file = try read("run: {size-schedule: 48:10, epochs: '3', time: 1:30:20.5}")
    #expect(file.assignments.map(\.value) == [.value("48:10"), .value("3"), .value("1:30:20.5")])
  }

  @Test(arguments: [
    ("rnu: {epochs: 3}", "did you mean 'run'?"), ("run: 3", "is not a mapping"), ("- 1", "is not a mapping"),
    ("run: {epochs: 1\n", "--config"), ("components: {mdoel: x}", "did you mean 'model'?"),
    ("run: {epochs: 1, epochs: 2}", "--config"), ("components: {model: [1]}", "must be the name of a component"),
    ("trainer: {lr: .nan}", "line 1: .nan is no number"),
    ("trainer: {lr: -.inf}", "-.inf is no number"),
  ])
  func mistakesAreNamed(text: String, expected: String) {
    let error = #expect(throws: PluginError.self) { try read(text) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func nestingAndSizeAreBounded() {
    let deep = "run: {epochs: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}"
    #expect(throws: PluginError.self) { try read(deep) }
    #expect(throws: PluginError.self) { try read(String(repeating: "#\n", count: 1 << 20)) }
    #expect(throws: PluginError.self) { try ConfigurationFile(path: "/nonexistent.yaml") }
    #expect(throws: PluginError.self) { try ConfigurationFile(path: "/tmp") }
  }

  /// The reader of YAML quotes the line.
  @Test func anErrorIsShorterThanItsFile() {
    let error = #expect(throws: PluginError.self) { try read("run: " + String(repeating: "[", count: 100_000)) }
    #expect(error.map { $0.message.utf8.count < 1000 } == true)
  }

  @Test func anEmptyFileSaysNothing() throws {
    #expect(try read("").assignments.isEmpty)
    #expect(try read("# nothing\n").assignments.isEmpty)
  }

  /// Each line stands for ten of the one before.
  @Test func aliasesThatMultiplyAreRefused() throws {
    func bomb(_ levels: Int, _ width: Int) -> String {
      var text = "run:\n  a0: &a0 [x]\n"
      for level in 1...levels {
        let aliases = [String](repeating: "*a\(level - 1)", count: width).joined(separator: ", ")
        text += "  a\(level): &a\(level) [\(aliases)]\n"
      }
      return text
    }
    let many = #expect(throws: PluginError.self) { try read(bomb(9, 9)) }
    #expect(many?.message.contains("more than 32 aliases") == true, "\(String(describing: many))")
    let few = #expect(throws: PluginError.self) { try read(bomb(8, 4)) }
    #expect(few?.message.contains("more than 10000 values") == true, "\(String(describing: few))")
    #expect(few?.hint != nil)
    // As keys.
    let keys = #expect(throws: PluginError.self) { try read(bomb(12, 2) + "  ? *a12\n  : 1\n  ? *a11\n  : 2\n") }
    #expect(keys != nil)
    #expect(try read("run: &all {epochs: 3}\ntrainer: *all\n").assignments.count == 2)
  }
}

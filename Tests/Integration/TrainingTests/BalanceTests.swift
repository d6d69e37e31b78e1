import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct BalanceTests {
  private let scratch: Scratch
  private var path: String { "\(scratch.path)/run" }
  init() throws { scratch = try Scratch() }

  private func run(_ task: String?) -> ToyRun {
    var run = ToyRun(path, epochs: 1)
    run.dataset.tasks.append(ClassificationTask("half", classes: ["x", "y"]))
    (run.options.balance, run.options.balanceTask) = (true, task)
    return run
  }

  private func balanced(_ run: ToyRun) -> String? {
    run.reporter.notes.withLock { notes in notes.first { $0.contains("balanced") } }
  }

  @Test func theFirstTaskIsBalancedUnlessAnotherIsNamed() throws {
    let first = run(nil)
    _ = try first.run()
    #expect(balanced(first)?.hasPrefix("task colour ") == true)
    let named = run("half")
    _ = try named.run(.overwrite)
    // Of the odd samples, which have this label, 15 are x and 8 are y; the 23 others are kept as they are.
    let table = try #require(balanced(named))
    #expect(table.hasPrefix("task half "))
    let total = try #require(table.split(separator: "\n").last).split(separator: " ")
    #expect(total.dropFirst().first == "46")
    #expect(try RunRecord.plan(at: path).run.balanceTask == "half")
  }

  @Test func aTaskThatIsNotThereIsNamed() throws {
    expectError("run.balance-task is 'haf'", "colour, half") { _ = try run("haf").run() }
    var plain = run("half")
    plain.options.balance = false
    expectError("run.balance-task needs --balance", "--balance") { _ = try plain.run() }
    #expect(try SystemFile.names(in: path) == nil)
  }

  @Test func theTrainerLearnsWhichTaskItIs() throws {
    let specification = RunSpecification(
      epochs: 1, stepsPerEpoch: 1, batchSize: 1, balanced: true,
      tasks: [.init(name: "colour", classes: [], counts: []), .init(name: "half", classes: [], counts: [])])
    #expect(specification.balancedTask == "colour")
    let text = try JSON.text(specification)
    #expect(text.contains(#""balanced_task":"colour""#))
    #expect(try JSON.decode(RunSpecification.self, from: text, what: "").balancedTask == "colour")
  }
}

import Glibc
import Synchronization
import Testing
@testable import SentryCLI
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct ReporterTests {
  private let report = StepReport(
    phase: .training, epoch: 3, epochs: 20, batch: 45, batches: 100, images: 35 * 64, seconds: 10, firstBatch: 10,
    loss: 1.23456, accuracy: 45.678)

  /// Scripts read this line.
  @Test func theEpochLineKeepsItsForm() {
    let values = ["train_loss": 1.23456, "train_acc": 45.678, "val_loss": 1.5, "val_acc": 44, "lr": 0.0001]
    let report = EpochReport(epoch: 3, epochs: 20, values: values, seconds: 12.34, imagesPerSecond: 890.4, isBest: true)
    #expect(
      RunText.epoch(report)
        == "epoch 3/20: train loss 1.2346, acc 45.68 %; val loss 1.5000, acc 44.00 %; lr 1.00e-04; 12.3 s, 890 samples/s; best"
    )
  }

  @Test func theStepLineTellsHowItGoes() {
    #expect(
      RunText.step(report) == "epoch 3/20   45 %  ETA 0:16  224 samples/s  loss 1.2346  acc 45.68 %")
    #expect(RunText.step(report, barWidth: 10).contains("[====      ]"))
  }

  @Test func severalTasksAreToldBriefly() {
    var step = report
    step.tasks = [.init(task: "colour", percent: 50.04), .init(task: "shape", percent: nil)]
    #expect(RunText.step(step).hasSuffix("acc 45.68 % (colour 50.0, shape -)"))
    let values = ["val_loss": 1.5, "val_acc": 44, "val_acc/colour": 50, "val_acc/shape": 38, "train_acc/shape": 1]
    let report = EpochReport(
      epoch: 3, epochs: 20, values: values, seconds: 12.34, imagesPerSecond: 890.4, isBest: false,
      tasks: ["shape", "colour"])
    #expect(RunText.epoch(report).contains("val loss 1.5000, acc 44.00 % (shape 38.0, colour 50.0); lr"))
  }

  @Test(arguments: [1, 20, 60, 80, 200]) func theBarFitsTheTerminal(width: Int) {
    let line = TerminalReporter.fitted(report, to: width)
    #expect(line.count <= max(1, width - 1))
    #expect(line.contains("[=") == (width >= 80))
  }

  @Test func durationsReadWell() {
    #expect(
      [0, 59.6, 3599, 3600, 90_061].map(NumberText.duration) == ["0:00", "1:00", "59:59", "1:00:00", "25:01:01"])
    #expect(NumberText.duration(.infinity) == "?")
  }

  /// What a reporter writes to a pipe.
  private func output(isTerminal: Bool, _ body: (TerminalReporter, Clock) -> Void) throws -> String {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let time = Clock()
    body(
      TerminalReporter(
        output: ends[1], errors: ends[1], isTerminal: isTerminal, width: { 80 }, now: { time.value.withLock { $0 } }),
      time)
    close(ends[1])
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(ends[0], &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
  private final class Clock: Sendable { let value = Mutex(0.0) }

  @Test func aBarMakesWayForOthersAndComesBack() throws {
    let text = try output(isTerminal: true) { reporter, _ in
      reporter.step(report)
      reporter.makingRoom {}
      reporter.makingRoom {}
      reporter.step(report)
    }
    let clear = "\r\u{1b}[2K"
    let parts = text.components(separatedBy: clear)
    // Each bar clears its own line first; one clearing between them, and nothing the second time.
    #expect(parts.count == 4 && parts[0].isEmpty && parts[2].isEmpty)
    #expect(parts[1].contains("epoch 3/20") && parts[3] == parts[1])
  }

  @Test func withoutATerminalThereIsALineEveryTenSeconds() throws {
    let text = try output(isTerminal: false) { reporter, time in
      for second in 0..<35 {
        time.value.withLock { $0 = Double(second) }
        reporter.step(report)
      }
      reporter.note("done")
    }
    #expect(text.split(separator: "\n").count == 4)
    #expect(!text.contains("\u{1b}") && !text.contains("\r"))
    #expect(text.hasSuffix("done\n"))
  }

  @Test func onATerminalTheBarIsDrawnAtMostTenTimesASecond() throws {
    let text = try output(isTerminal: true) { reporter, time in
      for step in 0..<1000 {
        time.value.withLock { $0 = Double(step) / 1000 }
        reporter.step(report)
      }
      reporter.note("done")
    }
    let drawn = text.split(separator: "\r").filter { $0.contains("epoch 3/20") }.count
    #expect((9...11).contains(drawn))
    #expect(text.hasSuffix("\r\u{1b}[2Kdone\n"))
  }

  @Test func theDistributionIsATableByClassName() throws {
    let task = DataSummary.Task(name: "colour", classes: ["red", "green"], counts: [10, 200], unlabelled: 0)
    let validation = DataSummary.Task(name: "colour", classes: ["red", "green"], counts: [3, 4], unlabelled: 1)
    #expect(
      RunText.distribution(of: task, balanced: [200, 200], validation: validation) == """
        task colour     training  balanced  validation
          red                 10       200           3
          green              200       200           4
          (unlabelled)         0         0           1
          total              210       400           8
        """)
  }

  @Test func ofManyClassesTheFirstAreShownAndTheRestIsCounted() {
    let classes = (0..<60).map { "c\($0)" }
    let task = DataSummary.Task(name: "many", classes: classes, counts: Array(repeating: 2, count: 60), unlabelled: 0)
    let lines = RunText.distribution(of: task, balanced: nil, validation: task).split(separator: "\n")
    #expect(lines.count == 23 && lines[20].contains("c19"))
    #expect(lines[21].split(separator: " ") == ["(40", "more", "classes)", "80", "80"])
    #expect(lines[22].split(separator: " ") == ["total", "120", "120"])
  }
}

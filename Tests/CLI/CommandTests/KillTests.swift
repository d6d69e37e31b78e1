import Foundation
import SentryBase
import Testing

/// SIGKILL at ten seeded moments of a run with the real plugins, some of them while it saves, and `--resume` after each.
@Suite struct KillTests {
  private enum Moment {
    /// Seconds after the start of the process.
    case time(Double)
    /// While the process writes a large file, its first or a later one: so many seconds after it opened it.
    case saving(file: Int, delay: Double)
  }

  private static let settings = [
    "--dataset", "synthetic-faces", "--image-size", "32", "--batch-size", "4", "--epochs", "10", "--lr", "1e-3",
    "--threads", "1", "--set", "dataset.count=48", "--set", "dataset.validation-count=12", "--set",
    "run.state-seconds=1",
  ]
  /// An optimiser with another state.
  private static let sgd = [
    "--set", "trainer.optimizer=sgd", "--set", "trainer.nesterov=true", "--set", "trainer.weight-decay=5e-4",
  ]

  @Test(arguments: [(kills: 10, settings: [String]()), (kills: 3, settings: sgd)])
  func aRunThatIsKilledTenTimesEndsAsTheOneThatWasNot(kills: Int, settings: [String]) throws {
    let sandbox = try Sandbox(
      plugins: ["EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"])
    func sentry(_ arguments: [String], _ killedWhen: @escaping (pid_t) -> Bool) throws -> Sandbox.Outcome {
      try sandbox.run(["--plugin-dir", "\(sandbox.root)/plugins", "train"] + arguments, killedWhen: killedWhen)
    }
    let begun = Date()
    let whole = try sentry(["emotion", "--output", "whole"] + Self.settings + settings) { _ in false }
    try #require(whole.status == 0, "\(whole.err)")
    let moments = Self.moments(of: Date().timeIntervalSince(begun))

    let run = "\(sandbox.root)/work/killed"
    let begin = ["emotion", "--output", "killed", "--overwrite"] + Self.settings + settings
    var (account, resumedInside, whileSaving) = ([String](), 0, 0)
    func session(_ moment: Moment?) throws -> (outcome: Sandbox.Outcome, unfinished: [String]) {
      let isThere = FileManager.default.fileExists(atPath: run + "/run.json")
      let trigger = moment.map { Self.trigger($0, in: run) }
      var process: pid_t = 0
      let outcome = try sentry(isThere ? ["--resume", "killed"] : begin) {
        process = $0
        return trigger?($0) ?? false
      }
      if let place = outcome.out.firstMatch(of: #/the run continues in epoch (\d+) of 10, after batch (\d+) of 12/#) {
        resumedInside += place.1 != "1" || place.2 != "0" ? 1 : 0
        account.append(String(place.0))
      }
      return (outcome, Self.unfinished(run, by: process))
    }
    for (number, moment) in moments.prefix(kills).enumerated() {
      var (moment, ended) = (moment, try session(moment))
      // It was over before its moment came: the machine is faster than it was.
      while ended.outcome.status == 0, account.count < 50 {
        try Self.expectSame(sandbox)
        try FileManager.default.removeItem(atPath: run)
        if case .time(let seconds) = moment { moment = .time(seconds / 2) }
        account.append("was over, begins again")
        ended = try session(moment)
      }
      #expect(ended.outcome.wasKilled, "kill \(number + 1): \(ended.outcome.status) \(ended.outcome.err)")
      if case .saving = moment, !ended.unfinished.isEmpty { whileSaving += 1 }
      account.append("killed at \(moment), unfinished: \(ended.unfinished)")
    }
    let last = try session(nil).outcome
    #expect(last.status == 0, "\(last.err)")
    try Self.expectSame(sandbox)
    #expect(Self.unfinished(run) == [], "what the dead left is cleared away")
    #expect(resumedInside >= 1 && whileSaving >= kills / 5, "\(account)")
  }

  /// - Parameter duration: of the run that nobody kills.
  private static func moments(of duration: Double) -> [Moment] {
    var random = SplitMix64(seed: 20)
    let moments: [Moment] = (0..<10).map { number in
      number % 2 == 0
        ? .time(random.uniform(0.1...0.35) * duration)
        : .saving(file: 1 + number / 2 % 4, delay: random.uniform(0...0.05))
    }
    return random.permutation(10).map { moments[$0] }
  }

  private static func trigger(_ moment: Moment, in run: String) -> (pid_t) -> Bool {
    let started = Date()
    var (files, current, opened) = (0, [String](), Date())
    return { process in
      let (file, delay): (Int, Double)
      switch moment {
      case .time(let seconds): return Date().timeIntervalSince(started) >= seconds
      case .saving(let number, let seconds): (file, delay) = (number, seconds)
      }
      let now = unfinished(run, by: process)
      if now != current, !now.isEmpty { (files, opened) = (files + 1, Date()) }
      current = now
      return files >= file && Date().timeIntervalSince(opened) >= delay
    }
  }

  /// Models and states that a process, or anyone, has begun to write.
  private static func unfinished(_ run: String, by process: pid_t? = nil) -> [String] {
    let files = FileManager.default
    // A folder that is not there yet, or no longer, holds none.
    func names(_ folder: String) -> [String] {
      ((try? files.contentsOfDirectory(atPath: folder)) ?? []).map { "\(folder)/\($0)" }
    }
    return ([run] + names(run + "/state")).flatMap(names).sorted().filter {
      $0.contains(".pth.tmp-\(process.map(String.init) ?? "")")
    }
  }

  private static func expectSame(_ sandbox: Sandbox) throws {
    func bytes(_ path: String) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/\(path)"))
    }
    for file in ["history.json", "final_model.pth", "best_model.pth"] {
      #expect(try bytes("killed/\(file)") == bytes("whole/\(file)"), "\(file)")
    }
  }
}

import Foundation
import Testing

/// Processes that train together are killed or asked to stop, and the run goes on.
@Suite(.enabled(if: Sandbox.hasLauncher, "needs mpirun (Debian: openmpi-bin)")) struct MachinesEndTests {
  /// How one of three processes meets its end.
  private struct End: CustomStringConvertible {
    /// Gets SIGKILL; nil: rank 1 gets SIGUSR1, as a launcher hands it on to all. (To the launcher itself it may not come: it was
    /// started from a thread that blocks signals.)
    var victim: Int?
    /// Once so many states were saved, so many milliseconds later.
    var saves: Int
    var delay: UInt32

    var description: String {
      "\(victim.map { "SIGKILL of rank \($0)" } ?? "SIGUSR1") \(delay) ms after save \(saves)"
    }

    static func random(_ victim: Int?) -> End {
      End(victim: victim, saves: .random(in: 1...24), delay: .random(in: 0...30))
    }
  }

  private static let size = 3
  /// Twelve steps an epoch, a state after each.
  private static let settings = [
    "posture", "--dataset", "synthetic-posture", "--set", "dataset.count=96", "--set", "dataset.validation-count=25",
    "--batch-size", "8", "--epochs", "3", "--threads", "1", "--lr", "0.01", "--set", "trainer.optimizer=sgd", "--set",
    "run.state-seconds=0",
  ]

  /// SENTRY_KILLS: of so many processes, at random moments; 2 where it is not set.
  @Test func whenAProcessDiesTheOthersEndAndTheRunGoesOn() throws {
    let sandbox = try Sandbox.withRealPlugins()
    let whole = try sandbox.train(Self.settings + ["--output", "whole"], processes: Self.size)
    try #require(whole.status == 0, "\(whole.err)")
    let kills = ProcessInfo.processInfo.environment["SENTRY_KILLS"].flatMap { Int($0) } ?? 2
    // The leader, another one, and by chance.
    let victims = (0..<kills).map { $0 == 0 ? 0 : $0 == 1 ? .random(in: 1..<Self.size) : .random(in: 0..<Self.size) }
    var longest = 0.0
    for (number, end) in ([End.random(nil)] + victims.map { .random($0) }).enumerated() {
      let seconds = try session(end, sandbox)
      longest = max(longest, seconds)
      if number == 0 {
        // With other numbers of processes it ends within the bound of rounding.
        for (copy, processes) in [("with-two", 2), ("with-one", 1)] {
          try FileManager.default.copyItem(
            atPath: "\(sandbox.root)/work/ended", toPath: "\(sandbox.root)/work/\(copy)")
          let outcome = try sandbox.train(["--resume", copy, "--threads", "1"], processes: processes)
          #expect(outcome.status == 0, "\(outcome.err)")
          try sandbox.expectSameLosses(copy, "whole", within: 2e-4)
        }
      }
      let resumed = try sandbox.train(["--resume", "ended"], processes: Self.size)
      #expect(resumed.status == 0, "\(end): \(resumed.err)")
      for file in ["history.json", "final_model.pth", "best_model.pth"] {
        #expect(try sandbox.bytes("ended/\(file)") == sandbox.bytes("whole/\(file)"), "\(end): \(file)")
      }
      #expect(try names(sandbox, "ended") == names(sandbox, "whole"), "\(end): nothing half-written is left")
      try FileManager.default.removeItem(atPath: "\(sandbox.root)/work/ended")
    }
    if kills > 2 { print("\(kills) kills: the others ended after at most \(longest) s") }
  }

  /// - Returns: seconds from the signal until all processes were gone.
  private func session(_ end: End, _ sandbox: Sandbox) throws -> Double {
    let state = "\(sandbox.root)/work/ended/state/current"
    var (sent, saves, last) = (Date?.none, 0, "")
    let outcome = try sandbox.train(Self.settings + ["--output", "ended"], processes: Self.size) { launcher in
      guard sent == nil else { return }
      let current = (try? String(contentsOfFile: state, encoding: .utf8)) ?? ""
      if current != last { (saves, last) = (saves + 1, current) }
      guard saves >= end.saves, let process = Self.process(ofRank: end.victim ?? 1, under: launcher) else { return }
      usleep(end.delay * 1000)
      sent = Date()
      kill(process, end.victim == nil ? SIGUSR1 : SIGKILL)
    }
    let seconds = Date().timeIntervalSince(try #require(sent, "\(end): the run was over: \(outcome.out)\(outcome.err)"))
    #expect(seconds < 10 || end.victim == nil, "\(end)")
    #expect(Self.processes(of: sandbox) == [], "\(end): all are gone")
    if let victim = end.victim {
      #expect(outcome.status != 0 && outcome.err.contains("rank \(victim)"), "\(end): \(outcome.err)")
      #expect(outcome.err.contains("sentry train posture --resume ended"), "\(end): \(outcome.err)")
    } else {
      let saved = outcome.out.contains("interrupted; saved in ended")
      #expect(outcome.status == 130 && saved, "\(outcome.out)\(outcome.err)")
    }
    return seconds
  }

  private func names(_ sandbox: Sandbox, _ run: String) throws -> Set<String> {
    let folder = "\(sandbox.root)/work/\(run)"
    let all = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    // Each session has a file of its own there. A run that was asked to stop saved one more state, so its last one has another number.
    return Set(all.filter { !$0.hasPrefix("tensorboard/") }.map { $0.replacing(#/^state\/[0-9]+/#, with: "state/N") })
  }

  /// A child of mpirun, by what it finds in its environment.
  private static func process(ofRank rank: Int, under launcher: pid_t) -> pid_t? {
    let children = (try? String(contentsOfFile: "/proc/\(launcher)/task/\(launcher)/children", encoding: .utf8)) ?? ""
    return children.split(separator: " ").compactMap { pid_t($0) }.first { child in
      let environment = FileManager.default.contents(atPath: "/proc/\(child)/environ") ?? Data()
      return environment.split(separator: 0).contains { $0.elementsEqual("OMPI_COMM_WORLD_RANK=\(rank)".utf8) }
    }
  }

  /// Those that still run the sandbox's program.
  private static func processes(of sandbox: Sandbox) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { process in
      let command = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      return command.starts(with: "\(sandbox.root)/bin/sentry".utf8)
    }
  }
}

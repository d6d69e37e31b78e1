import Glibc
import SentryFormats
import SentryPluginAPI
import Synchronization
import Testing
@testable import SentryRuntime
@testable import SentryTraining

/// What is left when saving fails or the process dies.
@Suite struct DurabilityTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func expectSame(_ a: String, _ b: String, _ comment: Comment) throws {
    for file in [RunDirectory.history, RunDirectory.final, RunDirectory.best, RunDirectory.checkpoint(epoch: 2)] {
      #expect(try bytes("\(a)/\(file)") == bytes("\(b)/\(file)"), "\(file), \(comment)")
    }
  }

  /// Every file of a run once fails to be written; the run then goes on as if nothing had been.
  @Test func aFailureAtAnyWriteCanBeResumedFrom() throws {
    let whole = "\(scratch.path)/whole"
    let count = Counter()
    _ = try ToyRun(whole).run(willWrite: { _ in _ = count.next() })
    let writes = count.next() - 1
    #expect(writes > 15)
    for failing in 1...writes {
      let broken = "\(scratch.path)/broken-\(failing)"
      let seen = Counter()
      let failed = Mutex("")
      expectError("no space") {
        _ = try ToyRun(broken).run(willWrite: { path in
          let number = seen.next()
          guard number == failing else { return }
          failed.withLock { $0 = path }
          throw PluginError("\(path): no space")
        })
      }
      // The first write is run.json: without it there is nothing to resume.
      let mode: RunDirectoryMode = failing == 1 ? .new : .resume
      #expect(try ToyRun(broken).run(mode).ending == .finished, "failed at \(failed.withLock { $0 })")
      try expectSame(whole, broken, "failed at \(failed.withLock { $0 })")
      #expect(try SystemFile.names(in: "\(broken)/state")?.count == 2)
    }
  }

  /// The process is killed before each write, and after the write of a temporary file.
  @Test func aKillAtAnyWriteCanBeResumedFrom() async throws {
    let whole = "\(scratch.path)/whole"
    _ = try ToyRun(whole).run()
    for moment in [2, 5, 6, 9, 10, 13, 16, 17, 18] {
      let broken = "\(scratch.path)/killed-\(moment)"
      await #expect(processExitsWith: .signal(SIGKILL)) { [broken = broken as String, moment = moment as Int] in
        let seen = Counter()
        _ = try ToyRun(broken).run(willWrite: { path in
          let number = seen.next()
          guard number == moment else { return }
          // Half a file, as a kill in the middle of a write leaves it.
          let slash = try #require(path.lastIndex(of: "/"))
          let half = "\(path[..<slash])/.\(path[path.index(after: slash)...]).tmp-\(getpid())"
          try AtomicFile.write("PK half a file", to: "\(half)-1")
          kill(getpid(), SIGKILL)
        })
      }
      #expect(try ToyRun(broken).run(.resume).ending == .finished, "killed at \(moment)")
      try expectSame(whole, broken, "killed at \(moment)")
      #expect(try SystemFile.names(in: broken)?.contains { $0.hasPrefix(".") } == false)
    }
  }

  /// The first interrupt finishes the batch and saves, by way of a real signal.
  @Test func anInterruptSavesAndEnds() async throws {
    let (whole, broken) = ("\(scratch.path)/whole", "\(scratch.path)/broken")
    _ = try ToyRun(whole).run()
    await #expect(processExitsWith: .exitCode(130)) { [broken = broken as String] in
      let run = ToyRun(broken)
      var environment = SessionEnvironment.process(ToyReporter())
      environment.reporter = Interrupting(after: 4, signals: 1)
      let outcome = try TrainingSession(
        plan: run.plan, components: run.components(), directory: .new, environment: environment
      ).run()
      #expect(outcome.ending == .interrupted)
      exit(outcome.exitCode)
    }
    #expect(try RunRecord.read(at: broken).sessions.last?.outcome == "interrupted in epoch 1 of 3, after batch 4 of 5")
    #expect(try ToyRun(broken).run(.resume).ending == .finished)
    try expectSame(whole, broken, "interrupted")
  }

  @Test func aSecondInterruptEndsAtOnce() async throws {
    let path = "\(scratch.path)/run"
    await #expect(processExitsWith: .exitCode(130)) { [path = path as String] in
      let run = ToyRun(path)
      var environment = SessionEnvironment.process(ToyReporter())
      environment.reporter = Interrupting(after: 4, signals: 2)
      _ = try TrainingSession(plan: run.plan, components: run.components(), directory: .new, environment: environment)
        .run()
      exit(1)
    }
    #expect(try SystemFile.names(in: "\(path)/state") == nil)
  }

  /// RLIMIT_FSIZE stands for the full disk: writes fail in the middle of a file.
  @Test func aFullDiskIsNamedAndSparesWhatWasThere() async throws {
    let (whole, path) = ("\(scratch.path)/whole", "\(scratch.path)/run")
    _ = try ToyRun(whole).run()
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      expectError("\(path)/checkpoint_epoch_2.pth", "cannot be written", "ulimit -f") {
        _ = try ToyRun(path).run(willWrite: { file in
          guard file.hasSuffix("checkpoint_epoch_2.pth") else { return }
          var limit = rlimit(rlim_cur: 500, rlim_max: 1 << 40)
          setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        })
      }
    }
    #expect(try PyTorchFile.read("\(path)/best_model.pth")["epoch"]?.int != nil)
    #expect(try SystemFile.names(in: path)?.contains("checkpoint_epoch_2.pth") == false)
    #expect(try ToyRun(path).run(.resume).ending == .finished)
    try expectSame(whole, path, "after a full disk")
  }

  @Test func aDamagedStateIsAnErrorAtEveryByte() throws {
    let path = "\(scratch.path)/run"
    _ = try ToyRun(path).run(cancelAfter: 3)
    let file = "\(path)/state/1/state.pth"
    let whole = try bytes(file)
    for length in [0, 1, whole.count / 3, whole.count - 1] {
      try AtomicFile.write(Array(whole.prefix(length)), to: file)
      expectError(file, "damaged", "--overwrite") { _ = try ToyRun(path).run(.resume) }
    }
    try AtomicFile.write(whole, to: file)
    let saved = try StateStore(RunDirectory(path: path)).load()
    let before = try JSON.text(try #require(saved).progress)
    var refused = 0
    for position in stride(from: 0, to: whole.count, by: 53) {
      var damaged = whole
      damaged[position] ^= 0x10
      try AtomicFile.write(damaged, to: file)
      // Padding and dates carry nothing; whatever is accepted must be the same run.
      if let accepted = try? StateStore(RunDirectory(path: path)).load() {
        #expect(try JSON.text(accepted.progress) == before, "byte \(position)")
      } else {
        refused += 1
      }
    }
    #expect(refused > whole.count / 53 / 4)
    try AtomicFile.write(whole, to: file)
    for pointer in ["", "x\n", "99\n", "1", "-1\n", "99999999999999999999\n"] {
      try AtomicFile.write(pointer, to: "\(path)/state/current")
      expectError("state", "--overwrite") { _ = try ToyRun(path).run(.resume) }
    }
    try AtomicFile.write("1\n", to: "\(path)/state/current")
    #expect(try ToyRun(path).run(.resume).ending == .finished)
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)
  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}

/// Sends this process signals after so many batches.
private final class Interrupting: TrainingReporter {
  private let seen = Counter()
  private let after: Int
  private let signals: Int
  init(after: Int, signals: Int) { (self.after, self.signals) = (after, signals) }
  func note(_ text: String) {}
  func warn(_ text: String) {}
  func epoch(_ report: EpochReport) {}
  func step(_ report: StepReport) {
    let number = seen.next()
    guard number == after else { return }
    for signal in 1...signals {
      // This thread may block signals: another one takes it, in its own time, and two that wait would be one.
      kill(getpid(), SIGINT)
      for _ in 0..<10_000 where signal == 2 || !HostState.shared.isCancelled { usleep(1000) }
    }
  }
}

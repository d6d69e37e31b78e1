import Foundation
import Testing

/// What a plugin does to the program that only fails there, and what the process's surroundings do to a run.
@Suite struct GuardTests {
  private static let plugins = Sandbox.package + "/Tests/Integration/PluginTests/Plugins"

  /// A good plugin in the probe, which does `act` when the host loads it; its dataset is test-c-light.
  private func compile(_ act: String, into sandbox: Sandbox) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden", "-DACT=\(act)",
      "-I",
      Sandbox.package + "/Sources/CSentryPlugin/include", "\(Self.plugins)/Bad/only_in_host.c", "-o",
      "\(sandbox.root)/plugins/libonlyinhost.so",
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  @Test(arguments: ["_exit(0)", "exit(0)", "_Exit(0)", "quick_exit(0)", "_exit(7)"])
  func aPluginThatEndsTheProgramIsNoSuccess(act: String) throws {
    let sandbox = try Sandbox()
    try compile(act, into: sandbox)
    let outcome = try sandbox.toys(["train", "toy", "--dataset", "test-c-light", "--output", "run"])
    #expect(outcome.status == (act == "_exit(7)" ? 7 : 1))
    #expect(outcome.err.contains("Error: a plugin ended the process"), "\(outcome.err)")
    #expect(outcome.err.contains("while loading ROOT/plugins/libonlyinhost.so; nothing after that was done"))
    #expect(outcome.err.contains("Hint: "))
  }

  @Test func aChildOfAPluginMayEndAsItLikes() throws {
    let sandbox = try Sandbox()
    try compile("if (fork() == 0) _exit(0)", into: sandbox)
    let outcome = try sandbox.toys(["train", "toy", "--dataset", "test-c-light", "--output", "run"])
    #expect(!outcome.err.contains("a plugin ended the process"), "\(outcome.err)")
  }

  @Test(arguments: [("raise(SIGSEGV)", "SIGSEGV"), ("abort()", "SIGABRT"), ("*(volatile int *)0 = 1", "SIGSEGV")])
  func aCrashInTheProgramNamesThePlugin(act: String, signal: String) throws {
    let sandbox = try Sandbox()
    try compile(act, into: sandbox)
    let outcome = try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins", "train", "toy", "--dataset", "test-c-light", "--output", "run"],
      environment: ["SWIFT_BACKTRACE": "enable=no"])
    #expect(outcome.status != 0)
    #expect(
      outcome.err.contains("Error: the process crashed (\(signal)) while loading ROOT/plugins/libonlyinhost.so"),
      "\(outcome.err)")
  }

  /// A shell with the program as `$S` and its plugins.
  private func shell(_ script: String, in sandbox: Sandbox, environment: [String: String] = [:]) throws
    -> Sandbox.Outcome
  {
    let began = Date()
    return try sandbox.run(
      ["-c", "S='\(sandbox.root)/bin/sentry --plugin-dir \(sandbox.root)/plugins'; \(script)"],
      program: "../../bin/sh", environment: environment
    ) { _ in Date().timeIntervalSince(began) > 120 }
  }

  /// The first file that is opened would be what lines are written to.
  @Test func closedDescriptorsAreNotWrittenTo() throws {
    let sandbox = try Sandbox()
    let outcome = try shell("$S -v train toy --output run <&- >&- 2>&-", in: sandbox)
    #expect(outcome.status == 0)
    let run = sandbox.root + "/work/run"
    let files = try #require(FileManager.default.enumerator(atPath: run)).compactMap { $0 as? String }
    #expect(files.contains("history.json"))
    for file in files {
      let bytes = FileManager.default.contents(atPath: "\(run)/\(file)") ?? Data()
      for text in ["epoch 1/", "debug: ", "written:"] {
        #expect(bytes.firstRange(of: Data(text.utf8)) == nil, "'\(text)' in \(file)")
      }
    }
  }

  @Test func aFileThatMayNotGrowIsAnErrorWithAHint() throws {
    let sandbox = try Sandbox()
    let outcome = try shell("ulimit -f 8; $S train toy --output run", in: sandbox)
    #expect(outcome.status == 1)
    #expect(outcome.err.contains("File too large") && outcome.err.contains("ulimit -f"), "\(outcome.err)")
  }

  /// The terminal is closed: as with SIGTERM the run is saved, and goes on later.
  @Test func aHangUpSavesTheRun() throws {
    let sandbox = try Sandbox()
    let run = sandbox.root + "/work/run"
    let began = Date()
    var sent = false
    let outcome = try sandbox.run(
      ["--plugin-dir", "\(sandbox.root)/plugins", "train", "toy", "--output", "run", "--epochs", "100000"]
    ) { process in
      guard FileManager.default.fileExists(atPath: run + "/history.json") else { return false }
      if !sent { kill(process, SIGHUP) }
      sent = true
      return Date().timeIntervalSince(began) > 60
    }
    #expect(outcome.status == 130, "\(outcome.err)")
    #expect(
      outcome.err.contains("--resume run") || outcome.out.contains("--resume run"), "\(outcome.out)\(outcome.err)")
    #expect(FileManager.default.fileExists(atPath: run + "/state/current"))
  }

  /// `sentry train … | head`: the run is saved and says so where somebody may still read it.
  @Test func aClosedOutputSavesTheRun() throws {
    let sandbox = try Sandbox()
    let outcome = try shell("$S train toy --output run --epochs 100000 | head -1", in: sandbox)
    #expect(outcome.err.contains("interrupted; saved in run") && outcome.err.contains("--resume run"), "\(outcome.err)")
    #expect(FileManager.default.fileExists(atPath: sandbox.root + "/work/run/state/current"))
    let ignoring = try shell("(trap '' PIPE; $S train toy --output other --epochs 3) | true", in: sandbox)
    #expect(ignoring.err.contains("written:"), "\(ignoring.err)")
  }

  /// `nohup` has it ignored.
  @Test func aHangUpThatIsIgnoredStaysSo() throws {
    let sandbox = try Sandbox()
    let outcome = try shell(
      "trap '' HUP; $S train toy --output run --epochs 40 & sleep 0.5; kill -HUP $!; wait $!", in: sandbox)
    #expect(outcome.status == 0, "\(outcome.err)")
  }

  /// OpenBLAS would wait for memory without end, oneDNN would write to no address.
  @Test(arguments: [400_000, 700_000]) func aLimitOnMemoryIsNotWaitedFor(kibibytes: Int) throws {
    let sandbox = try Sandbox(
      plugins: ["PostureTCNLSTM", "DatasetSyntheticPosture", "AugmentSequence", "TrainerSupervised"])
    let outcome = try shell(
      "ulimit -v \(kibibytes); exec $S train posture --dataset synthetic-posture --set dataset.count=16 --epochs 1 "
        + "--batch-size 8 --threads 2 --workers 1 --output run", in: sandbox)
    #expect(!outcome.wasKilled)
    // There is room enough: what is asked for in advance must not be more than is needed.
    if kibibytes == 700_000 { #expect(outcome.status == 0) }
    #expect(outcome.status == 0 || outcome.err.contains("Error: "), "\(outcome.status) \(outcome.err)")
  }

  @Test(arguments: [900_000, 1_200_000]) func aLimitOnMemoryIsAnErrorAndNoCrash(kibibytes: Int) throws {
    let sandbox = try Sandbox(
      plugins: ["EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"])
    let outcome = try shell(
      "ulimit -v \(kibibytes); exec $S train emotion --dataset synthetic-faces --image-size 32 --batch-size 8 --epochs 1 "
        + "--threads 1 --set dataset.count=24 --set dataset.validation-count=8 --output run", in: sandbox)
    #expect(outcome.status == 0 || outcome.err.contains("Error: "), "\(outcome.status) \(outcome.err)")
    #expect([0, 1].contains(outcome.status), "\(outcome.status) \(outcome.err)")
  }

  /// Names of files, plugins and classes are shown, whatever is in them.
  @Test func controlCharactersAreShownAndNotObeyed() throws {
    let sandbox = try Sandbox()
    let name = "lib\u{1b}]0;mine\u{7}\u{202e}x\r.so"
    try Data("no library".utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/plugins/\(name)"))
    for arguments in [["plugins", "list"], ["doctor"], ["train", "nothing"], ["plugins", "inspect", name]] {
      let outcome = try sandbox.toys(arguments)
      let shown = outcome.out + outcome.err
      #expect(shown.contains("lib\\u001b]0;mine\\u0007\\u202ex\\u000d.so"), "\(arguments)")
      for scalar in shown.unicodeScalars where scalar != "\n" && scalar != "\t" {
        #expect(scalar.value >= 0x20 && scalar.value != 0x202E, "\(arguments): U+\(String(scalar.value, radix: 16))")
      }
    }
    // JSON has its own form for them, and stays JSON.
    let json = try sandbox.toys(["plugins", "list", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
    let files = (object?["plugins"] as? [[String: Any]])?.compactMap { $0["file"] as? String } ?? []
    #expect(files.contains { $0.hasSuffix(name) }, "\(files)")
  }
}

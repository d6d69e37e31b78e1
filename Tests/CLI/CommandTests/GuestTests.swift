import Foundation
import Testing

/// What a plugin, in C or in Swift, does to a run from inside a call: the run goes on, or ends with a message that names the plugin, the call
/// and the sample. What happens while a plugin is loaded or made is in ``GuardTests``.
@Suite struct GuestTests {
  enum Language: String, CaseIterable { case c, swift }
  /// How the run ends.
  enum End: Equatable { case exit(Int32), signal(Int32) }
  struct Case: CustomTestStringConvertible, Sendable {
    var act: String
    var languages = Language.allCases
    var end: End
    /// What is said on standard error.
    var words: [String]
    var testDescription: String { act }
  }

  private static let who = "dataset 'guest'"
  private static let reading = "\(who), reading sample 5 of train: "
  private static let wasReading = " was reading sample 5 of train"

  static let crashes = [
    Case(
      act: "segfault", end: .signal(SIGSEGV),
      words: ["Error: the process crashed (SIGSEGV) while \(who) of ", wasReading]),
    Case(act: "calls null", languages: [.c], end: .signal(SIGSEGV), words: ["(SIGSEGV) while \(who) of ", wasReading]),
    Case(act: "abort", languages: [.c], end: .signal(SIGABRT), words: ["(SIGABRT) while \(who) of ", wasReading]),
    Case(
      act: "throws", languages: [.c], end: .signal(SIGABRT),
      words: ["thrown by the guest", "(SIGABRT) while \(who) of ", wasReading]),
    Case(act: "traps", languages: [.swift], end: .signal(SIGILL), words: ["(SIGILL) while \(who) of ", wasReading]),
    Case(act: "overflows the stack", end: .signal(SIGSEGV), words: ["(SIGSEGV) while \(who) of ", wasReading]),
    Case(
      act: "crashes in a thread", languages: [.c], end: .signal(SIGSEGV),
      words: ["(SIGSEGV) in a thread of its own, while ", "; the fault is in ROOT/plugins/guest.so"]),
    Case(
      act: "exit", end: .exit(1),
      words: ["Error: a plugin ended the process while \(who) of ", wasReading, "nothing after that was done"]),
    Case(act: "_exit", languages: [.c], end: .exit(1), words: ["(exit status 0) while \(who) of ", wasReading]),
  ]

  static let faults = [
    Case(act: "fails silently", end: .exit(1), words: [reading + "the plugin reported status 1 and no message"]),
    Case(act: "throws", languages: [.swift], end: .exit(1), words: [reading, "Whatever"]),
    Case(
      act: "fails with controls", languages: [.c], end: .exit(1), words: [reading + "bad \\u001b]0;mine\\u0007 sample"]),
    Case(
      act: "other size", end: .exit(1),
      words: [
        reading + "it gave float32 [1, 8, 8], but describes its samples as float32 [1, 16, 16]", "fault of the plugin",
      ]),
    Case(act: "other type", end: .exit(1), words: [reading + "it gave int", "describes its samples as float32"]),
    Case(act: "other device", end: .exit(1), words: [reading + "it gave a tensor on device type 2"]),
    Case(act: "other DLPack", languages: [.c], end: .exit(1), words: [reading + "a tensor of DLPack 7"]),
    Case(act: "no data", languages: [.c], end: .exit(1), words: [reading + "a tensor without data"]),
    Case(act: "no tensor", languages: [.c], end: .exit(1), words: [reading, "returned no tensor"]),
    Case(
      act: "extent of 2^40", languages: [.c], end: .exit(1),
      words: [reading + "a tensor of impossible shape [1099511627776, "]),
    Case(
      act: "extent below 0", languages: [.c], end: .exit(1), words: [reading + "a tensor of impossible shape [-1, "]),
    Case(act: "NaN", end: .exit(1), words: ["is NaN in epoch 1", "check the inputs"]),
    Case(
      act: "class 1000", languages: [.c], end: .exit(1),
      words: ["\(who), labelling sample 5 of train: ", "class 1000 of task 't'"]),
    Case(act: "count of 10^12", end: .exit(1), words: ["\(who) says that it has 1000000000000 samples in train"]),
    Case(act: "count below 0", languages: [.c], end: .exit(1), words: ["\(who) says that it has -1 samples in train"]),
    Case(
      act: "count changes", languages: [.c], end: .exit(1),
      words: ["\(who) said that it has 24 samples in train, and now says 1000000000000"]),
    Case(
      act: "describes 2^40", end: .exit(1),
      words: ["described as float32 [", "1099511627776", "larger than this machine's memory"]),
    Case(act: "describes -7", languages: [.c], end: .exit(1), words: ["described as float32 [-7, 16, 16]"]),
    Case(
      act: "describes nothing", languages: [.c], end: .exit(1), words: [who, "the dataset's description is missing"]),
    Case(act: "null function", languages: [.c], end: .exit(1), words: [who, "function 4 of its struct is null"]),
    Case(
      act: "half an extension", languages: [.c], end: .exit(1),
      words: ["sentry.dataset.statistics/1: function 1 of its struct is null"]),
    Case(act: "fails to be made", languages: [.c], end: .exit(1), words: [who, "reported status 1 and no message"]),
  ]

  static let survived = [
    Case(act: "prints", end: .exit(0), words: ["the guest was here"]),
    Case(act: "leaves the folder", end: .exit(0), words: []),
    Case(act: "closes descriptors", end: .exit(0), words: ["a plugin closed standard input, output or error"]),
  ]

  @Test(arguments: crashes) func anEndInACallNamesPluginCallAndSample(one: Case) throws {
    try Self.check(one) { outcome, _ in
      #expect(outcome.err.contains("\nHint: "), "\(outcome.err)")
      // Swift's own account of a crash takes minutes.
      #expect(!outcome.err.contains("Backtracing"), "\(outcome.err)")
    }
  }

  @Test(arguments: faults) func aFaultIsAnErrorThatNamesItsPlace(one: Case) throws {
    try Self.check(one) { outcome, sandbox in
      #expect(outcome.err.contains("Error: "), "\(outcome.err)")
      #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/run/final_model.pth"))
    }
  }

  @Test(arguments: survived) func whatDoesNoHarmIsSurvived(one: Case) throws {
    try Self.check(one) { outcome, sandbox in
      #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/work/run/final_model.pth"), "\(outcome.err)")
      // Nothing that was meant for the terminal is in a file.
      for file in ["history.json", "run.json"] {
        let text = try String(contentsOfFile: "\(sandbox.root)/work/run/\(file)", encoding: .utf8)
        #expect(text.hasPrefix("{") && !text.contains("the guest was here"))
      }
      #expect(outcome.out.contains("epoch 2/2") && !outcome.out.contains("the guest was here"), "\(outcome.out)")
    }
  }

  @Test(arguments: [("null_create", "create of component 0"), ("null_get_recipe", "get_recipe")])
  func aNullPointerIsRefusedWhenThePluginIsLoaded(define: String, member: String) throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox, ["-D\(define)"])
    let outcome = try sandbox.toys(["plugins", "list"])
    #expect(outcome.status == 0)
    #expect(outcome.out.contains("\(member) is null"), "\(outcome.out)")
  }

  /// A run that crashes after it saved says how to go on.
  @Test func aCrashTellsHowToResume() throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox)
    let first = try sandbox.toys(Self.command("") + ["--epochs", "1"])
    #expect(first.status == 0, "\(first.err)")
    let outcome = try sandbox.toys(Self.command("crashes later", in: "other") + ["--epochs", "8", "--cache-mb", "0"])
    #expect(outcome.status == SIGSEGV, "\(outcome.err)")
    let advice = try #require(
      outcome.err.components(separatedBy: "sentry train toy --resume ").last?.split(separator: " ").first)
    #expect(advice == "other", "\(outcome.err)")
    #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/work/other/state/current"))
  }

  /// One crash may be the fault of the data or of the machine; a second one in a row is taken for the plugin's.
  @Test func aPluginThatCrashesAgainIsLeftOut() throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox)
    func train(_ act: String) throws -> Sandbox.Outcome { try sandbox.toys(Self.command(act) + ["--overwrite"]) }
    // After a success the next crash is the first one again.
    for act in ["segfault", "", "segfault", "crashes in a thread"] {
      let outcome = try train(act)
      #expect(outcome.status == (act.isEmpty ? 0 : SIGSEGV), "\(act): \(outcome.err)")
    }
    let refused = try train("")
    #expect(refused.status == 1, "\(refused.err)")
    for words in [
      "Error: dataset 'guest' is of ", "guest.so, which is left out: it crashed sentry in its last 2 runs",
      "sentry plugins list --probe",
    ] {
      #expect(refused.err.contains(words), "\(refused.err)")
    }
    let inspected = try sandbox.toys(["plugins", "inspect", "guest"])
    #expect(inspected.status == 1 && inspected.err.contains("guest.so, which is left out"), "\(inspected)")
    #expect(inspected.err.contains("sentry plugins list --probe"), "\(inspected)")
    #expect(try sandbox.toys(["plugins", "list"]).out.contains("guest.so: quarantined"))
    #expect(try sandbox.toys(["plugins", "list", "--probe"]).out.contains("guest.so: usable"))
    #expect(try train("").status == 0)
  }

  /// A scheduler that ends jobs finds them in a plugin's call, most of the time.
  @Test func aSignalFromOutsideIsNoCrash() throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox)
    // Those that the threads of tests do not block, which programs inherit.
    for (number, name) in [(SIGSEGV, "SIGSEGV"), (SIGBUS, "SIGBUS")] {
      var isSent = false
      let outcome = try sandbox.run(
        ["--plugin-dir", "\(sandbox.root)/plugins"] + Self.command("loops aloud") + ["--overwrite"]
      ) { process in
        if !isSent, sandbox.hasSaid("round and round") { isSent = kill(process, number) == 0 }
        return false
      }
      #expect(outcome.status == number && outcome.wasSignalled, "\(outcome.err)")
      #expect(
        outcome.err.contains("Error: process \(getpid()) ended this one with \(name) while \(Self.who) of "),
        "\(outcome.err)")
      try sandbox.forgetWhatWasSaid()
    }
    #expect(try String(contentsOfFile: "\(sandbox.root)/home/.cache/sentry/crashes", encoding: .utf8).isEmpty)
  }

  /// A record that cannot be used is told of, and no run stops for it.
  @Test func aDamagedRecordOfCrashesStopsNoRun() throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox)
    let record = "\(sandbox.root)/home/.cache/sentry/crashes"
    try FileManager.default.createDirectory(atPath: record, withIntermediateDirectories: true)
    let outcome = try sandbox.toys(Self.command(""))
    #expect(outcome.status == 0, "\(outcome.err)")
    let words = "warning: crashes of plugins are not recorded: ROOT/home/.cache/sentry/crashes cannot be opened: "
    #expect(outcome.err.components(separatedBy: words).count == 2, "\(outcome.err)")
    // It is one of those that a plugin's crash meets, too.
    #expect(try sandbox.toys(Self.command("segfault", in: "other")).status == SIGSEGV)
  }

  /// What a plugin prints stands in nobody's JSON.
  @Test(arguments: Language.allCases) func jsonStaysJSONWhenAPluginPrints(language: Language) throws {
    let sandbox = try Sandbox()
    try Self.install(language, into: sandbox)
    let outcome = try sandbox.toys([
      "data", "check", ".", "--dataset", "guest", "--set", "act=prints", "--samples-only", "--json",
    ])
    #expect(outcome.err.contains("the guest was here"), "\(outcome.err)")
    let report = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [String: Any]
    #expect(report?["findings"] != nil, "\(outcome.out)")
  }

  /// A relative folder for results is where the command was given.
  @Test func resultsAreWhereTheCommandWasGiven() throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox)
    let trained = try sandbox.toys(Self.command("leaves the folder") + ["--epochs", "1"])
    #expect(trained.status == 0, "\(trained.err)")
    let outcome = try sandbox.toys([
      "evaluate", "--model", "run/best_model.pth", "--data", ".", "--split", "train", "--bootstrap-samples", "0",
      "--output", "evaluated/",
    ])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("\n  evaluated/metrics.json"), "\(outcome.out)")
    #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/work/evaluated/metrics.json"))
  }

  /// As many classes as some data have: what is computed and written does not grow with their square.
  @Test func fiveThousandClasses() throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox)
    let trained = try sandbox.toys(Self.command("5000 classes") + ["--epochs", "1"])
    #expect(trained.status == 0, "\(trained.err)")
    let evaluated = try sandbox.toys([
      "evaluate", "--model", "run/best_model.pth", "--data", ".", "--output", "evaluated",
    ])
    #expect(evaluated.status == 0, "\(evaluated.err)")
    for folder in ["run", "evaluated"] {
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(sandbox.root)/work/\(folder)")
      where !file.hasSuffix(".pth") {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(sandbox.root)/work/\(folder)/\(file)")
        let bytes = try #require(attributes[.size] as? Int)
        #expect(bytes < 8 << 20, "\(folder)/\(file) has \(bytes) bytes")
      }
    }
    #expect(evaluated.out.utf8.count < 1 << 20)
  }

  /// A call that does not return is told of after ten seconds; the first Ctrl-C says what is waited for, and the second ends.
  @Test func aCallThatHangsIsToldAndCtrlCEndsIt() throws {
    let sandbox = try Sandbox()
    try Self.install(.c, into: sandbox)
    let began = Date()
    var interrupts = 0
    let outcome = try sandbox.run(["--plugin-dir", "\(sandbox.root)/plugins"] + Self.command("loops")) { process in
      if interrupts == 0, sandbox.hasSaid("has been reading sample 5 of train for ") {
        kill(process, SIGINT)
        interrupts = 1
      } else if interrupts == 1, sandbox.hasSaid("Ctrl-C again ends at once") {
        kill(process, SIGINT)
        interrupts = 2
      }
      usleep(100_000)
      return Date().timeIntervalSince(began) > 120
    }
    #expect(outcome.status == 130 && !outcome.wasKilled, "\(outcome.err)")
    #expect(outcome.err.contains("note: \(Self.who) has been reading sample 5 of train for 1"), "\(outcome.err)")
    #expect(
      outcome.err.contains("waiting to stop: \(Self.who) has been reading sample 5 of train for "), "\(outcome.err)")
  }

  // MARK: How a run with a guest is made

  private static func check(_ one: Case, _ further: (Sandbox.Outcome, Sandbox) throws -> Void) throws {
    for language in one.languages {
      let sandbox = try Sandbox()
      try install(language, into: sandbox)
      let outcome = try sandbox.toys(command(one.act))
      switch one.end {
      case .exit(let status): #expect(outcome.status == status, "\(language): \(outcome.err)")
      case .signal(let number): #expect(outcome.status == number && outcome.wasSignalled, "\(language): \(outcome.err)")
      }
      for words in one.words { #expect(outcome.err.contains(words), "\(language): \(outcome.err)") }
      for scalar in outcome.err.unicodeScalars { #expect(scalar.value >= 0x20 || scalar == "\n" || scalar == "\t") }
      try further(outcome, sandbox)
    }
  }

  private static func command(_ act: String, in output: String = "run") -> [String] {
    [
      "train", "toy", "--dataset", "guest", "--augmenter", "none", "--data", ".", "--set", "dataset.act=\(act)",
      "--batch-size",
      "8", "--output", output,
    ]
  }

  private static func install(_ language: Language, into sandbox: Sandbox, _ flags: [String] = []) throws {
    let out = "\(sandbox.root)/plugins/guest.so"
    guard language == .c else {
      return try FileManager.default.copyItem(atPath: "\(Sandbox.products)/libTestPluginGuest.so", toPath: out)
    }
    try compile(to: out, flags)
  }

  private static func compile(to out: String, _ flags: [String] = []) throws {
    let sources = (#filePath as NSString).deletingLastPathComponent + "/Fixtures/guests"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "c++", "-Wall", "-Wextra", "-fPIC", "-shared", "-pthread", "-fvisibility=hidden",
        "-Wl,--version-script=\(Sandbox.package)/Sources/SentryPluginExports/exports.map", "-I",
        "\(Sandbox.package)/Sources/CSentryPlugin/include",
      ] + flags + ["-x", "c", "\(sources)/guest.c", "-x", "c++", "\(sources)/throw.cpp", "-o", out]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the guest does not compile")
  }
}

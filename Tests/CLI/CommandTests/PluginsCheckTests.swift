import Foundation
import Testing

/// `sentry plugins check` on plugins in C and C++ that are sound but for one fault. The Swift side of the gallery is `KitTests`.
@Suite struct PluginsCheckTests {
  private static let gallery = (#filePath as NSString).deletingLastPathComponent + "/Fixtures/gallery"

  /// What was found by a check, as `--json` tells it.
  private struct Report: Decodable {
    struct Result: Decodable { var subject, check, verdict: String, messages: [String], level: Int, seed: UInt64 }
    var plugin: String
    var results: [Result]
    func result(_ check: String) throws -> Result { try #require(results.first { $0.check == check }) }
  }

  /// Compiles a plugin of the gallery with a fault into the sandbox.
  private static func compile(_ source: String, _ fault: String? = nil, into sandbox: Sandbox) throws -> String {
    let out = "\(sandbox.root)/work/\(fault ?? "sound").so"
    let isC = source.hasSuffix(".c")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      (isC
        ? ["cc", "-std=c11", "-Wall", "-Wextra"]
        : ["c++", "-std=c++17", "-Wl,--version-script=\(Sandbox.package)/Sources/SentryPluginExports/exports.map"])
      + ["-fPIC", "-shared", "-fvisibility=hidden", "-I", "\(Sandbox.package)/Sources/CSentryPlugin/include"]
      + (fault.map { ["-D\($0)"] } ?? []) + ["\(gallery)/\(source)", "-o", out]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(source) with \(fault ?? "no fault") does not compile")
    return out
  }

  private static func check(_ file: String, _ arguments: [String] = [], in sandbox: Sandbox) throws -> (
    Int32, Report
  ) {
    let outcome = try sandbox.run(["plugins", "check", file, "--strictness", "5", "--json"] + arguments)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.out.utf8))
    return (outcome.status, report)
  }

  @Test(arguments: ["dataset.c", "model.cpp"]) func soundPluginsPassAtFive(source: String) throws {
    let sandbox = try Sandbox(toys: false)
    let (status, report) = try Self.check(Self.compile(source, into: sandbox), in: sandbox)
    let violated = report.results.filter { $0.verdict == "violated" }
    #expect(violated.isEmpty, "\(violated)")
    #expect(status == 0)
    #expect(report.results.count { $0.verdict == "holds" } > 20, "\(report.results)")
  }

  /// The fault, the check that must find it, and what it must say.
  static let faults: [(String, String, String)] = [
    ("crashes_at_load", "file.loads", "crashed (SIGSEGV)"), ("nothing_offered", "file.loads", "no component"),
    ("two_alike", "file.loads", "two of sentry.dataset/1 'numbers'"), ("schema_is_no_json", "file.loads", "schema"),
    ("null_create", "file.no-null-pointers", "create of component 0 is null"),
    ("null_get_extension", "file.no-null-pointers", "get_extension is null"),
    ("no_version", "file.describes-itself", "version is empty"),
    ("prints_at_load", "file.leaves-nothing", "hello from the gallery"),
    ("starts_thread_at_load", "file.leaves-nothing", "1 more threads"),
    ("opens_file_at_load", "file.leaves-nothing", "is still open"),
    ("writes_file_at_load", "file.leaves-nothing", "left-behind.txt"),
    ("leaves_the_folder", "file.leaves-nothing", "working folder is /"),
    ("declares_anything", "file.declares-the-same", "differs"),
    ("exports_more", "file.one-symbol", "'helper_of_everyone'"), ("only_this_host", "file.later-host", "another host"),
    ("declines_silently", "file.first-host", "declines without a message"), ("no_summary", "dataset.summary", "empty"),
    ("cannot_be_made", "dataset.can-be-made", "the moon is wrong"),
    ("fails_silently", "dataset.can-be-made", "no message"), ("null_function", "dataset.can-be-made", "is null"),
    ("short_object", "dataset.can-be-made", "struct_size is 24"),
    ("schema_without_help", "dataset.options-are-documented", "'size' has no description"),
    ("schema_with_wrong_default", "file.loads", "its default is"),
    ("offers_anything", "dataset.unknown-extension", "sentry.no-such-extension/1"),
    ("trusts_options", "dataset.malformed-options", "crashed (SIGSEGV)"),
    ("accepts_any_path", "dataset.hostile-paths", "is accepted"),
    ("refuses_silently", "dataset.hostile-paths", "without a message"),
    ("starts_threads", "dataset.leaves-nothing", "8 more threads"),
    ("opens_files", "dataset.leaves-nothing", "is still open"), ("leaks", "dataset.frees-memory", "bytes behind"),
    ("two_classes_alike", "dataset.description", "'a'"), ("count_changes", "dataset.count-is-stable", "changed"),
    ("other_shape", "dataset.samples-as-declared", "[3]"), ("negative_extent", "dataset.samples-as-declared", ""),
    ("huge_extent", "dataset.samples-as-declared", ""), ("other_device", "dataset.samples-as-declared", ""),
    ("other_dlpack", "dataset.samples-as-declared", ""), ("no_data", "dataset.samples-as-declared", ""),
    ("no_tensor", "dataset.samples-as-declared", "no tensor"), ("target_beyond", "dataset.targets-in-range", "class 2"),
    ("random_bytes", "dataset.same-bytes-twice", "other bytes"), ("no_names", "dataset.names-are-stable", "no name"),
    ("group_changes", "dataset.names-are-stable", "group"), ("no_bounds", "dataset.bounds", "sample -1"),
    ("not_a_number", "dataset.finite", "not a finite number"),
    ("crashes", "dataset.samples-as-declared", "crashed (SIGSEGV)"),
    ("exits", "dataset.samples-as-declared", "ended the process (exit status 0)"),
    ("aborts", "dataset.samples-as-declared", "crashed (SIGABRT)"),
    ("overflows_the_stack", "dataset.samples-as-declared", "crashed (SIGSEGV)"),
    ("hangs", "dataset.samples-as-declared", "did not end within 3 s"),
    ("takes_all_memory", "dataset.samples-as-declared", "crashed (SIGABRT)"),
  ]

  @Test(arguments: faults) func eachFaultIsFound(fault: String, check: String, words: String) throws {
    let sandbox = try Sandbox(toys: false)
    let file = try Self.compile("dataset.c", fault, into: sandbox)
    let limits = ["--timeout", fault == "hangs" ? "3" : "60", "--memory", "512"]
    let (status, report) = try Self.check(file, ["--only", "^\(check)$"] + limits, in: sandbox)
    let result = try report.result(check)
    #expect(status == 1)
    #expect(result.verdict == "violated", "\(result)")
    #expect(words.isEmpty || result.messages.contains { $0.contains(words) }, "\(result)")
    #expect(result.messages.first?.isEmpty == false)
  }

  /// What a dataset makes of damaged data is looked at in copies; a crash there is one of the check.
  @Test func aDatasetThatTrustsItsFileIsFound() throws {
    let sandbox = try Sandbox(toys: false)
    let file = try Self.compile("dataset.c", "trusts_its_file", into: sandbox)
    let data = "\(sandbox.root)/work/numbers.bin"
    try Data(count: 64).write(to: URL(fileURLWithPath: data))
    let only = ["--only", "^dataset.(damaged-data|samples-as-declared)$"]
    let (status, report) = try Self.check(file, only + ["--data", data], in: sandbox)
    #expect(status == 1)
    #expect(try report.result("dataset.samples-as-declared").verdict == "holds")
    let found = try report.result("dataset.damaged-data")
    #expect(found.verdict == "violated" && found.messages.contains { $0.contains("crashed (SIGSEGV)") }, "\(found)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: data)) == Data(count: 64))
    let without = try Self.check(Self.compile("dataset.c", into: sandbox), only, in: sandbox)
    #expect(try without.0 == 0 && without.1.result("dataset.damaged-data").verdict == "skipped")
  }

  @Test(arguments: [
    ("gradient_too_large", "model.gradients", "gradient"), ("throws", "model.outputs-as-declared", "crashed (SIGABRT)"),
    ("looks_at_others", "model.samples-are-independent", "differs by"),
  ])
  func faultsOfModelsInCPlusPlusAreFound(fault: String, check: String, words: String) throws {
    let sandbox = try Sandbox(toys: false)
    let file = try Self.compile("model.cpp", fault, into: sandbox)
    let (status, report) = try Self.check(file, ["--only", "^\(check)$"], in: sandbox)
    let result = try report.result(check)
    #expect(status == 1 && result.verdict == "violated", "\(result)")
    #expect(result.messages.contains { $0.contains(words) }, "\(result)")
  }

  @Test func aFileThatDoesNotLoadIsCheckedAsAFile() throws {
    let sandbox = try Sandbox(toys: false)
    let (status, report) = try Self.check(Self.compile("dataset.c", "crashes_at_load", into: sandbox), in: sandbox)
    #expect(status == 1)
    #expect(report.results.allSatisfy { $0.subject.isEmpty })
    #expect(try report.result("file.one-symbol").verdict == "holds")
  }

  @Test func theSlowWarnAndDoNotFail() throws {
    let sandbox = try Sandbox(toys: false)
    let (status, report) = try Self.check(
      Self.compile("dataset.c", "slow_to_load", into: sandbox), ["--only", "load-time"], in: sandbox)
    #expect(status == 0)
    #expect(report.results.map(\.verdict) == ["warning"])
  }

  @Test func aSeedRepeatsAFailure() throws {
    let sandbox = try Sandbox(toys: false)
    let file = try Self.compile("model.cpp", "gradient_too_large", into: sandbox)
    let only = ["--only", "^model.gradients$"]
    let first = try Self.check(file, only, in: sandbox).1.result("model.gradients")
    let text = try sandbox.run(["plugins", "check", file, "--strictness", "5", "--seed", "5"] + only)
    #expect(text.out.contains("--reproduce"), "\(text.out)")
    let again = try Self.check(file, only + ["--reproduce", "\(first.seed)"], in: sandbox).1.result("model.gradients")
    #expect(again.messages == first.messages && again.seed == first.seed)
    let inProcess = try Self.check(file, only + ["--reproduce", "\(first.seed)", "--in-process"], in: sandbox)
    #expect(try inProcess.1.result("model.gradients").messages == first.messages)
  }

  @Test func strictnessOnlyAndSkipChoose() throws {
    let sandbox = try Sandbox(toys: false)
    let file = try Self.compile("dataset.c", into: sandbox)
    func checks(_ arguments: [String]) throws -> [String] {
      let outcome = try sandbox.run(["plugins", "check", file, "--json"] + arguments)
      return try JSONDecoder().decode(Report.self, from: Data(outcome.out.utf8)).results.map(\.check)
    }
    let lax = try checks(["--strictness", "1", "--skip", "count"])
    #expect(lax.contains("dataset.samples-as-declared") && !lax.contains("dataset.count-is-stable"))
    #expect(!lax.contains("dataset.finite"))
    #expect(try checks(["--only", "^file\\.l"]) == ["file.loads", "file.leaves-nothing", "file.later-host"])
    #expect(try checks(["--component", "numbers", "--only", "summary"]) == ["dataset.summary"])
  }

  @Test func allChecksAreListedWithTheirLevels() throws {
    let outcome = try Sandbox(toys: false).run(["plugins", "check", "--list", "--json"])
    #expect(outcome.status == 0)
    struct Listed: Decodable { var name, statement: String, level: Int }
    let listed = try JSONDecoder().decode([Listed].self, from: Data(outcome.out.utf8))
    #expect(Set(listed.map(\.name)).count == listed.count)
    #expect(Set(listed.map(\.level)) == [1, 2, 3, 4, 5])
    #expect(listed.allSatisfy { $0.statement.hasSuffix(".") })
    // Each of the gallery's checks is there.
    #expect(Set(Self.faults.map(\.1)).isSubset(of: Set(listed.map(\.name))))
  }

  @Test func junitNamesFailuresAndIsWellFormed() throws {
    let sandbox = try Sandbox(toys: false)
    let file = try Self.compile("dataset.c", "not_a_number", into: sandbox)
    let outcome = try sandbox.run(["plugins", "check", file, "--junit", "--only", "finite|summary"])
    #expect(outcome.status == 1)
    let name = #"<testcase classname="dataset numbers" name="dataset.finite""#
    #expect(outcome.out.contains(name) && outcome.out.contains(#"failures="1""#), "\(outcome.out)")
    let path = "\(sandbox.root)/work/report.xml"
    try outcome.out.write(toFile: path, atomically: true, encoding: .utf8)
    let parsed = try sandbox.run(
      ["-c", "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])", path], program: "/usr/bin/python3")
    #expect(parsed.status == 0, "\(parsed.err)")
  }

  @Test(arguments: [
    (["plugins", "check"], 64, "name the plugin's file"),
    (["plugins", "check", "nowhere.so"], 1, "nowhere.so cannot be read"),
    (["plugins", "check", "text.so"], 1, "no ELF header"),
    (["plugins", "check", "sound.so", "--strictness", "6"], 64, "must be 1 to 5"),
    (["plugins", "check", "sound.so", "--only", "("], 64, "not a regular expression"),
    (["plugins", "check", "sound.so", "--only", "^nothing"], 64, "matches"),
    (["plugins", "check", "sound.so", "--component", "number"], 64, "did you mean 'numbers'?"),
    (["plugins", "check", "sound.so", "--set", "dataset.sise=3"], 64, "did you mean 'size'?"),
    (["plugins", "check", "sound.so", "--seed", "1", "--reproduce", "2"], 64, "exclude each other"),
  ])
  func whatIsWrongIsTold(arguments: [String], status: Int32, words: String) throws {
    let sandbox = try Sandbox(toys: false)
    _ = try Self.compile("dataset.c", into: sandbox)
    try Data("text".utf8).write(to: URL(fileURLWithPath: sandbox.root + "/work/text.so"))
    let outcome = try sandbox.run(arguments)
    #expect(outcome.status == status && outcome.err.contains(words), "\(outcome)")
  }
}

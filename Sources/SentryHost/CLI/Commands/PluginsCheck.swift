import ArgumentParser
import Glibc
import SentryPluginAPI
import SentryPluginTestKit
import SentryRuntime

struct PluginsCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Tests whether a plugin keeps the promises of the border.",
    discussion: """
      Each check runs in a process of its own, so that a plugin that crashes or hangs fails one check. Strictness N runs the checks \
      of levels 1 to N; --list shows the level of each. Warnings do not fail. The exit status is 1 if a check failed.

      Checks of a dataset that reads files need data: --data PATH, or --set dataset.OPTION=VALUE.
      """)

  @OptionGroup var global: GlobalOptions
  @Argument(help: "The plugin's file.", completion: .file(extensions: ["so", "json"])) var file: String?
  @Option(help: ArgumentHelp("Run the checks of levels 1 to N (1 to 5).", valueName: "N")) var strictness = 3
  @Option(help: ArgumentHelp("Of these, run those whose names match.", valueName: "regex")) var only: String?
  @Option(help: ArgumentHelp("Do not run those whose names match.", valueName: "regex")) var skip: String?
  @Option(help: ArgumentHelp("Check only the components of this name.", valueName: "name")) var component: String?
  @Option(help: ArgumentHelp("The data of datasets.", valueName: "path"), completion: .directory) var data: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("An option of a component, as kind.option=value; repeatable.", valueName: "option=value"))
  var settings: [String] = []
  @Option(help: "The seed of all random samples and weights; default: a new one, which is printed.") var seed: UInt64?
  @Option(help: ArgumentHelp("The seed of a check, as its failure printed it.", valueName: "seed"))
  var reproduce: UInt64?
  @Option(help: ArgumentHelp("End a check after this many seconds.", valueName: "seconds")) var timeout = 60
  @Option(help: ArgumentHelp("The memory that a check may use, in MiB.", valueName: "MiB")) var memory = 4096
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Print JUnit's XML.") var junit = false
  @Flag(help: "List the checks and run none.") var list = false
  @Flag(help: "Run the checks in this process, for a debugger: a crash ends it.") var inProcess = false

  func validate() throws {
    if !(1...5).contains(strictness) { throw ValidationError("--strictness is \(strictness) but must be 1 to 5") }
    if !(1...86_400).contains(timeout) { throw ValidationError("--timeout is \(timeout) but must be 1 to 86400") }
    if !(64...(1 << 24)).contains(memory) { throw ValidationError("--memory is \(memory) but must be at least 64") }
    if file == nil, !list { throw ValidationError("name the plugin's file, or pass --list") }
    if json, junit { throw ValidationError("--json and --junit exclude each other") }
    if junit, list { throw ValidationError("--list has no JUnit form: pass --json") }
    if seed != nil, reproduce != nil { throw ValidationError("--seed and --reproduce exclude each other") }
    for pattern in [only, skip].compactMap({ $0 }) where (try? Regex(pattern)) == nil {
      throw ValidationError("'\(pattern)' is not a regular expression")
    }
  }

  func run() throws {
    TerminalLog.bootstrap(verbose: global.verbose)
    let checks = try chosen()
    guard let file, !list else { return try printList(checks) }
    let path = Paths.absolute(file, from: Paths.working)
    let found = Discovery.report(
      on: path, allowUntrusted: global.allowUntrusted, probe: Probe(timeout: .seconds(timeout)))
    // Without a hash, it was not even loaded.
    guard found.sha256 != nil else {
      let reason = found.reason ?? "it is no plugin"
      throw PluginError(reason.hasPrefix(path) ? reason : "\(path): \(reason)", hint: found.hint)
    }
    let report = try report(on: path, found.declaration, checks)
    if json {
      Console.result(try JSON.text(report, pretty: true))
    } else if junit {
      Console.result(report.junit)
    } else {
      for line in report.lines { Console.result(line) }
      Console.result(report.summary)
    }
    if !report.violated.isEmpty { Failure.exit(Failure.failed) }
  }

  private func report(on path: String, _ declaration: PluginDeclaration?, _ checks: [PluginCheck]) throws -> CheckReport
  {
    let common = seed ?? UInt64.random(in: 0..<1 << 32)
    let runner = CheckRunner(
      file: path, declaration: declaration, settings: settings, data: data,
      seed: reproduce.map { .exact($0) } ?? .ofAll(common), seconds: timeout, mebibytes: memory, isInProcess: inProcess)
    try runner.requireAddressees()
    let results = try runner.run(
      runner.cases(of: checks, component: component), progress: WorkLine(.samples).progress)
    return CheckReport(
      file: path, plugin: declaration?.name ?? Paths.last(path), strictness: strictness,
      arguments: (data.map { ["--data", $0] } ?? []) + settings.flatMap { ["--set", $0] },
      seed: reproduce == nil ? common : nil, results: results)
  }

  private func chosen() throws -> [PluginCheck] {
    let (wanted, unwanted) = (try only.map { try Regex($0) }, try skip.map { try Regex($0) })
    let checks = PluginCheck.all.filter { check in
      // A list without a limit shows all.
      (check.level <= strictness || list)
        && wanted.map { check.name.contains($0) } ?? true && unwanted.map { !check.name.contains($0) } ?? true
    }
    guard !checks.isEmpty else {
      throw PluginError.invalid(
        "no check of levels 1 to \(strictness) matches", hint: "sentry plugins check --list shows all of them")
    }
    return checks
  }

  private func printList(_ checks: [PluginCheck]) throws {
    guard json else {
      return Console.result(
        TextTable.text([["check", "level", ""]] + checks.map { [$0.name, "\($0.level)", $0.statement] }))
    }
    let listed = checks.map { check -> JSONValue in
      ["name": .string(check.name), "level": .integer(check.level), "statement": .string(check.statement)]
    }
    Console.result(try JSON.text(JSONValue.array(listed), pretty: true))
  }
}

import SentryPluginAPI
import SentryPluginTestKit
import SentryRuntime
import Synchronization

/// Runs checks of a plugin's file, several at once, each in a process of its own.
struct CheckRunner: Sendable {
  enum SeedChoice: Sendable {
    /// The seed that each check derives its own from.
    case ofAll(UInt64)
    /// That of a check, as a failure tells it.
    case exact(UInt64)
  }

  let file: String
  /// nil: the file does not load, and only the checks of the file apply.
  let declaration: PluginDeclaration?
  let settings: [String]
  let data: String?
  let seed: SeedChoice
  /// For each check.
  let (seconds, mebibytes): (Int, Int)
  let isInProcess: Bool

  /// One check of the file or of one component.
  struct Case: Sendable {
    let check: PluginCheck
    let component: PluginDeclaration.Component?
    var subject: String { component.map { "\($0.knownKind?.rawValue ?? $0.kind) \($0.name)" } ?? "" }
  }

  /// - Parameter component: only those of the components of this name, not those of the file.
  func cases(of checks: [PluginCheck], component: String?) throws -> [Case] {
    let components = (declaration?.components ?? []).filter { component == nil || $0.name == component }
    if let component, components.isEmpty {
      throw PluginError.invalid(
        "\(file) offers no component '\(component)'",
        hint: Suggestion.hint(for: component, among: (declaration?.components ?? []).map(\.name)))
    }
    let cases = checks.flatMap { check -> [Case] in
      guard let kind = check.kind else { return component == nil ? [Case(check: check, component: nil)] : [] }
      return components.filter { $0.knownKind == kind }.map { Case(check: check, component: $0) }
    }
    guard !cases.isEmpty else {
      throw PluginError.invalid(
        "no check matches what \(file) offers", hint: "sentry plugins check --list shows all of them")
    }
    return cases
  }

  /// Rejects what is addressed to a component that the plugin does not have.
  func requireAddressees() throws {
    guard let declaration else { return }
    for assignment in try request(for: nil, seed: 0).assignments() {
      let components = declaration.components.filter { $0.knownKind.map(OptionScope.init) == assignment.scope }
      let options = try components.flatMap { try OptionSchema($0.schema, what: "its schema").settable.map(\.name) }
      guard !options.contains(assignment.name) else { continue }
      throw PluginError.invalid(
        "\(assignment.source): no \(assignment.scope.rawValue) of \(file) has an option '\(assignment.name)'",
        hint: Suggestion.hint(for: assignment.name, among: options))
    }
  }

  func run(_ cases: [Case], progress: WorkProgress) throws -> [CheckResult] {
    // In this process, checks see the pool that components have in a check's own.
    let threads = isInProcess ? CheckProcess.threads : min(cases.count, Machine.allowedCores.count)
    try HostState.shared.startExecutor(threads: threads)
    guard !isInProcess, let pool = HostState.shared.executor else { return try cases.map { try result(of: $0) } }
    let next = Atomic(0)
    let done = Atomic(0)
    let results = Mutex<[Int: Result<CheckResult, any Error>]>([:])
    pool.run(threads) { _, _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < cases.count else { return }
        let result = Result { try self.result(of: cases[index]) }
        results.withLock { $0[index] = result }
        progress.update("checks", done.add(1, ordering: .relaxed).newValue, cases.count)
      }
    }
    progress.end()
    return try results.withLock { all in try cases.indices.compactMap { try all[$0]?.get() } }
  }

  private func result(of item: Case) throws -> CheckResult {
    let seed =
      switch seed {
      case .exact(let seed): seed
      // Short enough to be typed.
      case .ofAll(let seed): Seed.derive(seed, "\(item.check.name) \(item.subject)") >> 32
      }
    let request = try request(for: item, seed: seed)
    let start = ContinuousClock.now
    let outcome = isInProcess ? try request.perform(isAlone: false) : try CheckProcess(request).run()
    return CheckResult(
      subject: item.subject, component: item.component?.name, check: item.check.name, level: item.check.level,
      verdict: outcome.verdict, messages: outcome.messages, seed: seed,
      milliseconds: Int((ContinuousClock.now - start).milliseconds))
  }

  private func request(for item: Case?, seed: UInt64) throws -> CheckProcess.Request {
    CheckProcess.Request(
      file: file, check: item?.check.name ?? "", kind: item?.component?.kind, name: item?.component?.name,
      settings: settings, data: data, declared: try declaration.map(CheckedPlugin.digest), seed: seed,
      seconds: seconds, mebibytes: mebibytes)
  }
}

import SentryPluginAPI

/// One thing that every component of a kind must do, with the test for it.
///
/// The laws of the border's kinds stand in ``DatasetLaws``, ``DamageLaws``, ``AugmenterLaws``, ``ModelLaws`` and ``TrainerLaws``. `sentry plugins check`
/// runs them on a plugin's file, each in a process of its own; ``checkDataset(_:seed:strictness:)`` and its sisters run them in a test.
public struct Law<Subject>: Sendable {
  /// `dataset.samples-as-declared`
  public let name: String
  /// From 1, what a run relies on at once, to 5, what costs only time or memory.
  public let level: Int
  /// What holds, in one sentence.
  public let statement: String
  let test: @Sendable (Subject, inout LawRun) throws -> Void

  init(
    _ name: String, level: Int, _ statement: String, _ test: @escaping @Sendable (Subject, inout LawRun) throws -> Void
  ) {
    (self.name, self.level, self.statement, self.test) = (name, level, statement, test)
  }

  /// Tests the law; nothing is thrown: an error of the component is a violation like another.
  public func run(on subject: Subject, seed: UInt64) -> LawOutcome {
    var run = LawRun(seed: seed, law: name)
    do {
      try test(subject, &run)
      return LawOutcome(law: name, verdict: run.warnings.isEmpty ? .holds : .warning, messages: run.warnings)
    } catch let skip as Skip {
      return LawOutcome(law: name, verdict: .skipped, messages: [skip.reason])
    } catch let violation as Violation {
      return LawOutcome(law: name, verdict: .violated, messages: [violation.message] + run.warnings)
    } catch {
      return LawOutcome(law: name, verdict: .violated, messages: ["it failed: \(error)"] + run.warnings)
    }
  }
}

/// What came of a law.
public struct LawOutcome: Codable, Sendable, Equatable {
  public enum Verdict: String, Codable, Sendable { case holds, warning, violated, skipped }

  public var law: String
  public var verdict: Verdict
  /// What was found: the violation first, then warnings; of a skipped law, the reason.
  public var messages: [String]

  public init(law: String, verdict: Verdict, messages: [String] = []) {
    (self.law, self.verdict, self.messages) = (law, verdict, messages)
  }
}

/// The law is broken.
struct Violation: Error {
  let message: String
  init(_ message: String) { self.message = message }
}

/// The law does not apply.
struct Skip: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Throws ``Violation`` where a condition does not hold.
func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
  if !condition { throw Violation(message()) }
}

/// Requires that a call is refused with an error that says something.
func requireError(_ what: String, _ call: () throws -> Void) throws {
  do {
    try call()
  } catch {
    try require((error as? PluginError)?.isSilent != true, "\(what) is refused without a message")
    return
  }
  throw Violation("\(what) is accepted; an error was expected")
}

import SentryPluginAPI
import SentryPluginTestKit

/// What a check found, where the plugin does not simply keep it.
enum Finding: Error {
  case violation(String)
  /// It is told, and never fails.
  case warning(String)
  /// The check does not apply, for this reason.
  case skip(String)

  /// - Returns: what came of a test that throws findings; any other error is a violation.
  static func outcome(of check: String, _ test: () throws -> Void) -> LawOutcome {
    do {
      try test()
      return LawOutcome(law: check, verdict: .holds)
    } catch let finding as Finding {
      return switch finding {
      case .violation(let message): LawOutcome(law: check, verdict: .violated, messages: [message])
      case .warning(let message): LawOutcome(law: check, verdict: .warning, messages: [message])
      case .skip(let reason): LawOutcome(law: check, verdict: .skipped, messages: [reason])
      }
    } catch {
      return LawOutcome(law: check, verdict: .violated, messages: ["\(error)"])
    }
  }
}

import SentryPluginTestKit
import SentryRuntime

/// What came of one check of one component.
struct CheckResult: Codable, Sendable {
  /// `model NAME`; empty: the file.
  var subject: String
  var component: String?
  var check: String
  var level: Int
  var verdict: LawOutcome.Verdict
  var messages: [String]
  /// Of its random samples and weights: `--reproduce` takes it.
  var seed: UInt64
  var milliseconds: Int
}

/// All results of a plugin's file, and how to repeat them.
struct CheckReport: Codable, Sendable {
  var file: String
  var plugin: String
  var strictness: Int
  /// What the user gave for the components, as it is given again.
  var arguments: [String]
  /// What `--seed` was; nil where one check was reproduced.
  var seed: UInt64?
  var results: [CheckResult]

  var violated: [CheckResult] { results.filter { $0.verdict == .violated } }

  /// For people: what does not hold with its messages; what does, a line each.
  var lines: [String] {
    results.map { result in
      let word =
        switch result.verdict {
        case .holds: "ok     "
        case .warning: "warning"
        case .violated: "FAILED "
        case .skipped: "skipped"
        }
      let title = (result.subject.isEmpty ? "" : "\(result.subject): ") + result.check
      return
        ([word + " " + title] + result.messages.map { "          \($0)" }
        + (result.verdict == .violated ? ["          repeat it: \(command(for: result))"] : [])).joined(separator: "\n")
    }
  }

  var summary: String {
    let counts = [
      ("hold", LawOutcome.Verdict.holds), ("warn", .warning), ("failed", .violated), ("skipped", .skipped),
    ].map { word, verdict in "\(results.count { $0.verdict == verdict }) \(word)" }
    let seed = seed.map { ", seed \($0)" } ?? ""
    let checks = NumberText.counted(results.count, "check")
    return "\(checks) at strictness \(strictness)\(seed): \(counts.joined(separator: ", "))"
  }

  private func command(for result: CheckResult) -> String {
    let component = result.component.map { ["--component", $0] } ?? []
    return ShellText.command(
      ["sentry", "plugins", "check", file, "--strictness", "\(result.level)", "--only", "^\(result.check)$"] + component
        + arguments + ["--reproduce", "\(result.seed)"])
  }

  /// JUnit's XML, as CI services read it: one suite for the file, one case for each check.
  var junit: String {
    let cases = results.map { result -> String in
      let head =
        #"  <testcase classname="\#(Self.escaped(result.subject.isEmpty ? plugin : result.subject))" name="\#(Self.escaped(result.check))" time="\#(Double(result.milliseconds) / 1000)""#
      let text = Self.escaped(result.messages.joined(separator: "\n"))
      return switch result.verdict {
      case .holds: head + "/>"
      case .warning: head + "><system-out>\(text)</system-out></testcase>"
      case .violated: head + #"><failure message="\#(text)"/></testcase>"#
      case .skipped: head + #"><skipped message="\#(text)"/></testcase>"#
      }
    }
    let (failures, skipped) = (violated.count, results.count { $0.verdict == .skipped })
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuite name="\(Self.escaped(file))" tests="\(results.count)" failures="\(failures)" skipped="\(skipped)">
      \(cases.joined(separator: "\n"))
      </testsuite>
      """
  }

  /// Characters that XML 1.0 does not allow become U+FFFD.
  private static func escaped(_ text: String) -> String {
    String(
      text.unicodeScalars.flatMap { scalar -> [Character] in
        switch scalar {
        case "&": Array("&amp;")
        case "<": Array("&lt;")
        case ">": Array("&gt;")
        case "\"": Array("&quot;")
        case "\n": Array("&#10;")
        case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: ["\u{FFFD}"]
        default: [Character(scalar)]
        }
      })
  }
}

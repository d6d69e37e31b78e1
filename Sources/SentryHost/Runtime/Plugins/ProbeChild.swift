import CSentryProcess
import Glibc
import SentryPluginAPI

/// The process that loads the file: it reports and leaves.
package enum ProbeChild {
  /// In the process that was just made.
  static func run(_ file: String, _ report: ChildReport, asksDevices: Bool) -> Never {
    var outcome = outcome(of: file)
    if asksDevices, outcome.state == .usable {
      // A driver that ends the process shuts nobody out.
      _ = report.publish(outcome.withoutAnswers("its plugin did not answer when it was asked for its devices"))
      outcome = Self.outcome(of: file, asksDevices: true)
    }
    let isPublished =
      report.publish(outcome)
      || report.publish(ProbeResult.quarantined("it declares more than \(ChildReport.capacity) bytes"))
    // No destructors of the plugin: they are not what is probed.
    sentry_leave_now(isPublished ? 0 : 1)
  }

  /// What the file says of itself, once it is mapped into this process.
  package static func outcome(of file: String, asksDevices: Bool = false) -> ProbeResult {
    do {
      let plugin = try LoadedPlugin.at(PluginFiles(file))
      var declaration = try plugin.declaration()
      if asksDevices {
        for (index, availability) in try plugin.availability().enumerated() {
          declaration.components[index].availability = availability
        }
      }
      return ProbeResult(state: .usable, declaration: declaration)
    } catch let error as PluginError {
      return ProbeResult(state: .refused, reason: error.message, hint: error.hint, isLasting: false)
    } catch {
      return ProbeResult(state: .refused, reason: String(describing: error), isLasting: false)
    }
  }
}

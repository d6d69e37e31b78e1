import CSentryProcess
import Glibc
import SentryPluginAPI

/// The process that loads the file: it reports and leaves.
package enum ProbeChild {
  /// In the process that was just made.
  static func run(_ file: String, _ report: ProbeReport) -> Never {
    setpgid(0, 0)
    // Whoever kills the supervisor leaves nobody behind.
    _ = sentry_die_with_parent()
    _ = sentry_be_dumpable(1)
    // The way of the answer, and whatever the host had open when it started the probe: none of it is the file's to write to.
    sentry_close_from(3)
    let outcome = outcome(of: file)
    let isPublished =
      report.publish(outcome) || report.publish(.quarantined("it declares more than \(ProbeReport.capacity) bytes"))
    // No destructors of the plugin: they are not what is probed.
    sentry_leave_now(isPublished ? 0 : 1)
  }

  /// What the file says of itself, once it is mapped into this process.
  package static func outcome(of file: String) -> ProbeResult {
    do {
      let plugin = try LoadedPlugin.at(PluginFiles(file))
      return ProbeResult(state: .usable, declaration: try plugin.declaration())
    } catch let error as PluginError {
      return ProbeResult(state: .refused, reason: error.message, hint: error.hint, isLasting: false)
    } catch {
      return ProbeResult(state: .refused, reason: String(describing: error), isLasting: false)
    }
  }
}

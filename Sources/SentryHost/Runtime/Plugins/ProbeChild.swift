import CSentryPlugin
import Glibc
import SentryPluginAPI

/// The child's side of a probe: loads the file, reports, leaves.
package enum ProbeChild {
  package static func run(_ file: String) {
    // Whoever kills the parent leaves the child behind: it ends by itself, and crashes without leaving a core.
    alarm(60)
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    // No destructors of the plugin: they are not what is probed.
    _exit(report(outcome(of: file)) ? 0 : 1)
  }

  /// What the file says of itself, once it is mapped into this process.
  package static func outcome(of file: String) -> ProbeResult {
    do {
      let plugin = try LoadedPlugin.at(file)
      return ProbeResult(state: .usable, declaration: try plugin.declaration())
    } catch let error as PluginError {
      return ProbeResult(state: .refused, reason: error.message, hint: error.hint, isLasting: false)
    } catch {
      return ProbeResult(state: .refused, reason: String(describing: error), isLasting: false)
    }
  }

  private static func report(_ result: ProbeResult) -> Bool {
    guard let text = try? JSON.text(result) else { return false }
    var bytes = ArraySlice(Array(text.utf8))
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(Probe.reportDescriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}

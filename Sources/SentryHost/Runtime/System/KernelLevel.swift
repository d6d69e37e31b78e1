import CSentryKernels

/// Which vector kernels a plugin over SentryNN takes here, by the same rule: the CPU's highest level, or the one that
/// `SENTRY_CPU` names.
package struct KernelLevel: Sendable, Equatable {
  /// `avx2`, …; nil where there are none.
  package var name: String?
  /// Why it is not simply the CPU's highest.
  package var note: String?

  package static var current: KernelLevel {
    KernelLevel(highest: sentry_cpu_level(), asked: Paths.environment("SENTRY_CPU"))
  }

  package init(name: String? = nil, note: String? = nil) { (self.name, self.note) = (name, note) }

  /// - Parameters:
  ///   - highest: as `sentry_cpu_level` numbers them.
  ///   - asked: what `SENTRY_CPU` holds.
  package init(highest: Int32, asked: String?) {
    func name(_ level: Int32) -> String? { sentry_cpu_level_name(level).map { String(cString: $0) } }
    guard let best = name(highest) else {
      note = "this CPU has neither AVX2 with FMA nor AVX-512"
      return
    }
    guard let asked else {
      self.name = best
      return
    }
    let known = (0...highest).compactMap(name)
    if known.contains(asked) {
      (self.name, note) = (asked, "set by SENTRY_CPU; this CPU supports \(best)")
    } else {
      note = "SENTRY_CPU=\(asked) is refused; this CPU has \(known.joined(separator: ", "))"
    }
  }
}

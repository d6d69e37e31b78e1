import CSentryPlugin
import Logging
import SentryPluginAPI

/// The services of the border, as every plugin of this process receives them; never freed. They draw on ``HostState``.
enum HostServices {
  nonisolated(unsafe) static let pointer: UnsafePointer<sentry_host> = UnsafePointer(make())

  private static func make() -> UnsafeMutablePointer<sentry_host> {
    let size = MemoryLayout<sentry_host>.size
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let host = memory.assumingMemoryBound(to: sentry_host.self)
    host.pointee.struct_size = UInt32(size)
    host.pointee.abi_major = SENTRY_ABI_MAJOR
    host.pointee.abi_minor = SENTRY_ABI_MINOR
    fillReports(host)
    fillComputing(host)
    host.pointee.get_extension = { _, _ in nil }
    return host
  }

  private static func fillReports(_ host: UnsafeMutablePointer<sentry_host>) {
    host.pointee.log = { _, level, component, message in
      let severity: Logger.Level =
        switch level {
        case ..<SENTRY_LOG_INFO: .debug
        case SENTRY_LOG_INFO: .info
        case SENTRY_LOG_WARNING: .warning
        default: .error
        }
      Logger(label: String(cString: component)).log(level: severity, "\(String(cString: message))")
    }
    host.pointee.is_cancelled = { _ in HostState.shared.isCancelled ? 1 : 0 }
    host.pointee.progress = { _, what, done, total in
      ProgressReports.shared.report(String(cString: what), done: Int(done), total: Int(total))
    }
    host.pointee.metric = { _, name, value in HostState.shared.record(metric: String(cString: name), value) }
  }

  private static func fillComputing(_ host: UnsafeMutablePointer<sentry_host>) {
    host.pointee.random_seed = { _, stream, index in
      Seed.derive(HostState.shared.seed, String(cString: stream), index)
    }
    host.pointee.thread_count = { _ in Int32(clamping: HostState.shared.executor?.threadCount ?? 1) }
    host.pointee.parallel_for = { _, count, user, body in
      guard count > 0 else { return }
      guard let executor = HostState.shared.executor else {
        for index in 0..<count { body(user, index, 0) }
        return
      }
      executor.run(Int(count)) { index, thread in body(user, Int64(index), Int32(thread)) }
    }
    host.pointee.world = { _, rank, size in (rank.pointee, size.pointee) = (0, 1) }
    host.pointee.all_reduce_start = { _, tensor, operation, ticket, error in
      guarded(error) { ticket.pointee = try Reductions.shared.start(tensor, operation: operation) }
    }
    host.pointee.all_reduce_wait = { _, ticket, error in guarded(error) { try Reductions.shared.wait(ticket) } }
  }
}

import CSentryPlugin
import CSentryProcess
import Logging
import SentryPluginAPI

/// The services of the border: a struct of functions over a ``HostState``.
enum HostServices {
  /// What every plugin of this process receives; never freed.
  nonisolated(unsafe) static let pointer = make(over: .shared)

  /// - Returns: services that live until the process ends, and keep the state.
  static func make(over state: HostState) -> UnsafePointer<sentry_host> {
    let size = MemoryLayout<sentry_host>.size
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let host = memory.assumingMemoryBound(to: sentry_host.self)
    host.pointee.struct_size = UInt32(size)
    host.pointee.abi_major = SENTRY_ABI_MAJOR
    host.pointee.abi_minor = SENTRY_ABI_MINOR
    host.pointee.context = Unmanaged.passRetained(state).toOpaque()
    fillReports(host)
    fillComputing(host)
    host.pointee.get_extension = { _, id in
      String(cString: id) == SENTRY_EXTENSION_HOST_WEIGHTS ? UnsafeRawPointer(HostWeights.table) : nil
    }
    return UnsafePointer(host)
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
    host.pointee.is_cancelled = { state(of: $0).isCancelled ? 1 : 0 }
    host.pointee.progress = { _, what, done, total in
      sentry_call_progresses()
      ProgressReports.shared.report(String(cString: what), done: Int(done), total: Int(total))
    }
    host.pointee.metric = { me, name, value in state(of: me).record(metric: String(cString: name), value) }
  }

  private static func fillComputing(_ host: UnsafeMutablePointer<sentry_host>) {
    host.pointee.random_seed = { me, stream, index in
      Seed.derive(state(of: me).seed, String(cString: stream), index)
    }
    host.pointee.thread_count = { Int32(clamping: state(of: $0).executor?.threadCount ?? 1) }
    host.pointee.parallel_for = { me, count, user, body in
      guard count > 0 else { return }
      guard let executor = state(of: me).executor else {
        for index in 0..<count { body(user, index, 0) }
        return
      }
      executor.run(Int(count)) { index, thread in body(user, Int64(index), Int32(thread)) }
    }
    host.pointee.world = { me, rank, size in
      let world = state(of: me).world
      (rank.pointee, size.pointee) = (Int32(world.rank), Int32(world.size))
    }
    host.pointee.all_reduce_start = { me, tensor, operation, ticket, error in
      guarded(error) {
        ticket.pointee = try Reductions.shared.start(tensor, operation: operation, in: state(of: me).world)
      }
    }
    host.pointee.all_reduce_wait = { me, ticket, error in
      guarded(error) { try Reductions.shared.wait(ticket, in: state(of: me).world) }
    }
  }
}

/// The state behind services; a plugin that calls them with another object than it was given gets the process's.
private func state(of host: UnsafePointer<sentry_host>) -> HostState {
  guard let context = host.pointee.context else { return .shared }
  return Unmanaged<HostState>.fromOpaque(context).takeUnretainedValue()
}

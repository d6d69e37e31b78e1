import CSentryPlugin
import SentryPluginAPI

/// A host with one thread that computes and says nothing, for components that are tested without a process of their own.
public enum TestHost {
  nonisolated(unsafe) private static let raw: UnsafePointer<sentry_host> = {
    let host = UnsafeMutablePointer<sentry_host>.allocate(capacity: 1)
    host.pointee = sentry_host(
      struct_size: SENTRY_HOST_SIZE_1_0, abi_major: SENTRY_ABI_MAJOR, abi_minor: SENTRY_ABI_MINOR, context: nil,
      log: { _, _, _, _ in }, is_cancelled: { _ in 0 }, progress: { _, _, _, _ in }, metric: { _, _, _ in },
      random_seed: { _, _, index in index }, thread_count: { _ in 1 },
      parallel_for: { _, count, user, body in for index in 0..<count { body(user, index, 0) } },
      world: { _, rank, size in (rank.pointee, size.pointee) = (0, 1) },
      all_reduce_start: { _, _, _, _, _ in SENTRY_OK }, all_reduce_wait: { _, _, _ in SENTRY_OK },
      get_extension: { _, _ in nil })
    return UnsafePointer(host)
  }()

  public static var host: Host { Host(raw: raw, component: "test") }
}

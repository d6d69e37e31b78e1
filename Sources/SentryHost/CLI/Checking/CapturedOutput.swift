import Glibc
import SentryPluginAPI
import SentryRuntime

/// A file without a name that standard output and standard error lead to.
final class CapturedOutput: Sendable {
  let descriptor: Int32

  init() throws {
    var template = Array("\(Paths.temporary)/sentry-check-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw PluginError("\(Paths.temporary): no file can be created: \(Paths.lastError)") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = template.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { unlink($0) } }
  }

  deinit { close(descriptor) }

  /// The end of what was written.
  /// - Parameter count: at most so many bytes.
  func text(last count: Int) -> String {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = pread(descriptor, &bytes, count, max(0, info.st_size - count))
    return String(decoding: bytes.prefix(max(read, 0)), as: UTF8.self)
  }

  /// Leads both of this process here, also what libraries write.
  func during(_ body: () throws -> Void) rethrows {
    fflush(nil)
    let saved = [Int32(1), 2].map { (number: $0, original: dup($0)) }
    for (number, _) in saved { dup2(descriptor, number) }
    defer {
      fflush(nil)
      for (number, original) in saved where original >= 0 {
        dup2(original, number)
        close(original)
      }
    }
    try body()
  }
}

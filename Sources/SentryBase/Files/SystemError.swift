import Glibc

/// The system's words for the current `errno`; to be taken before anything else can change it.
package struct SystemError: Error {
  package let number: Int32
  package init(_ number: Int32) { self.number = number }

  package var text: String { String(cString: strerror(number)) }

  package static var last: SystemError { SystemError(errno) }

  /// What to do about it, where the number tells.
  /// - Parameter whenFull: in place of the usual advice for a full disk.
  package func hint(whenFull: String? = nil) -> String? {
    switch number {
    case ENOSPC, EDQUOT: whenFull ?? "free space on this disk or choose another folder"
    case EACCES, EPERM, EROFS: "check the permissions"
    case ENOENT: "check the path"
    default: nil
    }
  }

  /// What to do about a write that failed.
  package var writingHint: String {
    switch number {
    case ENOSPC, EDQUOT: "free space on this disk or choose another folder"
    case EFBIG: "the limit on file sizes is too small: see ulimit -f"
    default: "check the disk"
    }
  }

  /// Writes all of `bytes`; gives the error that kept it from that.
  package static func writing(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> SystemError? {
    guard let base = bytes.baseAddress else { return nil }
    var done = 0
    while done < bytes.count {
      let count = repeating { write(descriptor, base + done, bytes.count - done) }
      guard count > 0 else { return last }
      done += count
    }
    return nil
  }

  /// Calls again as long as a signal interrupts; what the call gave in the end.
  package static func repeating<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// Whether a descriptor was closed and nothing was lost. Linux closes it also where a signal interrupts: a second try
  /// would close another file.
  static func closing(_ descriptor: Int32) -> Bool { close(descriptor) == 0 || errno == EINTR }
}

import Glibc

/// The system's words for the current `errno`; to be taken before anything else can change it.
struct SystemError {
  let number: Int32
  var text: String { String(cString: strerror(number)) }

  static var last: SystemError { SystemError(number: errno) }

  /// Calls again as long as a signal interrupts; nil when the call fails for another reason.
  static func retrying(_ call: () -> Int) -> Int? {
    while true {
      let result = call()
      if result >= 0 { return result }
      if errno != EINTR { return nil }
    }
  }
}

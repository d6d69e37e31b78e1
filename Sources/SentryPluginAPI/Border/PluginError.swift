public import CSentryPlugin

/// An error that can cross the border: what happened, where, and what to do about it.
public struct PluginError: Error, CustomStringConvertible {
  /// One of `SENTRY_FAILED`, `SENTRY_INVALID`, `SENTRY_UNSUPPORTED`, `SENTRY_BAD_DATA`, `SENTRY_CANCELLED`, `SENTRY_NO_MEMORY`.
  public var code: Int32
  public var message: String
  public var hint: String?

  public init(_ message: String, hint: String? = nil, code: Int32 = SENTRY_FAILED) {
    (self.message, self.hint, self.code) = (message, hint, code)
  }

  /// An argument or an option is wrong.
  public static func invalid(_ message: String, hint: String? = nil) -> PluginError {
    PluginError(message, hint: hint, code: SENTRY_INVALID)
  }

  /// A file or a sample is damaged; a run may skip it.
  public static func badData(_ message: String, hint: String? = nil) -> PluginError {
    PluginError(message, hint: hint, code: SENTRY_BAD_DATA)
  }

  /// What an error says whose maker said nothing.
  static func silence(_ status: Int32) -> String { "the plugin reported status \(status) and no message" }
  package var isSilent: Bool { message.hasSuffix(Self.silence(code)) || message.allSatisfy(\.isWhitespace) }

  public var description: String { hint.map { "\(message) (\($0))" } ?? message }

  init(_ error: any Error) { self = error as? PluginError ?? PluginError(String(describing: error)) }
}

/// The strings of a `sentry_error`, freed by the side that made them.
private final class ErrorStrings {
  let message: OwnedCString
  let hint: OwnedCString?
  init(_ error: PluginError) { (message, hint) = (OwnedCString(error.message), error.hint.map(OwnedCString.init)) }
}

extension PluginError {
  func fill(_ out: UnsafeMutablePointer<sentry_error>) {
    let strings = ErrorStrings(self)
    out.pointee.code = code
    out.pointee.message = strings.message.pointer
    out.pointee.hint = strings.hint?.pointer
    out.pointee.owner = Unmanaged.passRetained(strings).toOpaque()
    out.pointee.destroy = { error in
      guard let owner = error.pointee.owner else { return }
      Unmanaged<ErrorStrings>.fromOpaque(owner).release()
      (error.pointee.owner, error.pointee.message, error.pointee.hint) = (nil, nil, nil)
    }
  }
}

/// The callee's side (a plugin's functions, the host's services): runs the body and turns a thrown error into a status.
/// Nothing of Swift leaves this function.
package func guarded(_ error: UnsafeMutablePointer<sentry_error>, _ body: () throws -> Void) -> sentry_status {
  do {
    try body()
    return SENTRY_OK
  } catch let thrown {
    let plugin = PluginError(thrown)
    plugin.fill(error)
    return plugin.code == SENTRY_OK ? SENTRY_FAILED : plugin.code
  }
}

/// The caller's side: runs a call across the border and throws what it reported.
public func acrossBorder(_ call: (UnsafeMutablePointer<sentry_error>) -> sentry_status) throws {
  var error = sentry_error()
  error.struct_size = UInt32(SENTRY_ERROR_SIZE_1_0)
  let status = call(&error)
  defer { error.destroy?(&error) }
  guard status != SENTRY_OK else { return }
  let message = error.message.map { String(cString: $0) } ?? ""
  throw PluginError(
    message.isEmpty ? PluginError.silence(status) : message, hint: error.hint.map { String(cString: $0) }, code: status)
}

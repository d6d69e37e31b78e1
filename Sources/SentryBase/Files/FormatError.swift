/// Why a file could not be read or written: what went wrong, in which file and where in it, and what to do about it.
public struct FormatError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure, stable enough to test against and to print.
  public enum Code: String, Sendable {
    /// The file does not exist, may not be read, or is no regular file.
    case cannotOpen = "cannot-open"
    /// The system refused a read that lies within the file.
    case cannotRead = "cannot-read"
    /// The system refused a write, a sync or a rename; the file that was there before is untouched.
    case cannotWrite = "cannot-write"
    /// The file ends before its contents do.
    case truncated
    /// The file is not of the stated format, or contradicts itself.
    case malformed
    /// The bytes differ from the checksum written beside them.
    case checksum
    /// A valid file of a form that this module does not read.
    case unsupported
    /// The file asks for code to be run or for types that are neither tensors nor containers.
    case refused
    /// The file claims more than the limits allow.
    case tooLarge = "too-large"
    /// The caller passed a value that the format cannot hold.
    case invalidValue = "invalid-value"
  }

  public let code: Code
  /// Path of the file, as the caller gave it; empty where a value is at fault and no file is involved yet.
  public let file: String
  /// Where in the file: a row, a byte, the name of a tensor.
  public let place: String?
  /// What was met there.
  public let detail: String
  /// What the reader of the message can do.
  public let hint: String?

  public init(_ code: Code, file: String, place: String? = nil, _ detail: String, hint: String? = nil) {
    self.code = code
    self.file = file
    self.place = place
    self.detail = detail
    self.hint = hint
  }

  public var description: String {
    var text = [file, place ?? "", detail].filter { !$0.isEmpty }.joined(separator: ": ")
    if let hint { text += " (\(hint))" }
    return text
  }

  /// The same failure with the file named, for values that were checked before a file was known.
  package func naming(file: String) -> FormatError {
    self.file.isEmpty ? FormatError(code, file: file, place: place, detail, hint: hint) : self
  }
}

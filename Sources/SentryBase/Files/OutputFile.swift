/// A file being written: every write is checked, and the error says how much was written and how much was needed.
public final class OutputFile {
  /// Bytes handed over so far, whether or not they have left the buffer.
  public private(set) var written = 0

  private let path: String
  private let descriptor: Int32
  /// What the caller expects to write in all, for the message.
  private let needed: Int?
  private var buffer: [UInt8] = []
  private static let capacity = 1 << 18

  package init(descriptor: Int32, path: String, needed: Int?) {
    self.descriptor = descriptor
    self.path = path
    self.needed = needed
    buffer.reserveCapacity(Self.capacity)
  }

  /// Appends `bytes`. Throws ``FormatError`` with code `cannotWrite`.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    if buffer.count + bytes.count > Self.capacity { try flush() }
    if bytes.count >= Self.capacity {
      try send(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
    written += bytes.count
  }

  /// Appends `bytes`. Throws ``FormatError`` with code `cannotWrite`.
  public func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  package func flush() throws {
    try buffer.withUnsafeBytes { try send($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    if let error = SystemError.writing(bytes, to: descriptor) { throw failure(error) }
  }

  package func failure(_ error: SystemError) -> FormatError {
    let amount = needed.map { "\(max($0, written)) bytes were needed" } ?? "at least \(written) bytes were needed"
    return FormatError(
      .cannotWrite, file: path, "cannot be written: \(error.text); \(amount); an older file of this name is untouched",
      hint: error.writingHint)
  }
}

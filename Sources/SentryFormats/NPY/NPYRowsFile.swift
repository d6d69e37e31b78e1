import Glibc

/// A new `.npy` file, float32 [rows, width], of which the number of rows is known at the end alone. Memory does not grow with it.
///
/// It stands under a temporary name until ``finish()``; without that nothing is left.
public final class NPYRowsFile {
  public let path: String
  public let width: Int
  public private(set) var rows = 0
  private let file: UnfinishedFile
  private let output: OutputFile
  private let openingSize: Int
  private static let type = "<f4"

  /// Throws ``FormatError``.
  public init(_ path: String, width: Int) throws {
    (self.path, self.width) = (path, width)
    file = try UnfinishedFile(for: path)
    output = OutputFile(descriptor: file.descriptor, path: path, needed: nil)
    let opening = try NPYFile.opening(type: Self.type, shape: [0, width], of: path)
    openingSize = opening.count
    try output.write(opening)
  }

  /// Adds a row of `width` values. Throws ``FormatError``.
  public func append(_ row: [Float]) throws {
    guard row.count == width else {
      throw FormatError(
        .invalidValue, file: path, "a row of \(row.count) values does not fit \(width)", hint: "all rows have one width"
      )
    }
    // This machine is little-endian, as all that Swift runs on.
    try row.withUnsafeBytes { try output.write($0) }
    rows += 1
  }

  /// States the number of rows, brings the file to the disk and gives it its name. Throws ``FormatError``.
  public func finish() throws {
    try output.flush()
    let opening = try NPYFile.opening(type: Self.type, shape: [rows, width], of: path)
    guard opening.count == openingSize else {
      throw FormatError(.invalidValue, file: path, "\(rows) rows do not fit its header", hint: "write several files")
    }
    var done = 0
    while done < opening.count {
      let count = opening.withUnsafeBytes { bytes in
        SystemError.repeating {
          pwrite(file.descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(done))
        }
      }
      guard count > 0 else { throw output.failure(.last) }
      done += count
    }
    try file.finish { output.failure($0) }
  }
}

/// Files of `numpy.save`: one array each.
public enum NPYFile {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let longestHeader = 1 << 16

  /// Reads versions 1 to 3 with floats of 2, 4 or 8 bytes, integers of up to 8 bytes or booleans, in C or Fortran order
  /// and either byte order. The result is row-major and little-endian; `u2` and `u4` are widened to `i32` and `i64`.
  /// - Throws: ``FormatError``: `unsupported` for objects, structured arrays, texts, `u8` of 64 bits and complex numbers.
  public static func read(_ path: String) throws -> StoredTensor {
    let layout = try layout(of: path)
    let bytes = try layout.file.bytes(at: layout.start, count: layout.byteCount)
    return try layout.element.tensor(bytes, layout.header)
  }

  /// The shape of the array in a file, with all checks of ``read(_:)`` and without reading the elements.
  public static func shape(of path: String) throws -> [Int] { try layout(of: path).header.shape }

  private struct Layout {
    let file: InputFile
    let header: NPYHeader
    let element: NPYElement
    let start, byteCount: Int
  }

  private static func layout(of path: String) throws -> Layout {
    let file = try InputFile(path)
    let (header, start) = try readHeader(file)
    guard let element = NPYElement(header.type) else {
      throw FormatError(
        .unsupported, file: path, "has elements of type \(header.type), which are not supported",
        hint: header.type.hasSuffix("O")
          ? "it holds pickled objects: save an array of numbers instead"
          : "save it as float32: numpy.save(path, array.astype('float32'))")
    }
    guard let count = StoredTensor.elementCount(header.shape), header.shape.count <= 64,
      let byteCount = StoredTensor.product(count, element.size)
    else { throw malformed(path, "has the shape \(header.shape.prefix(64)), which is too large for a file") }
    let present = file.size - start
    guard present >= byteCount else {
      throw FormatError(
        .truncated, file: path, "has \(present) bytes of data, and the shape \(header.shape) needs \(byteCount)",
        hint: "the file is incomplete: fetch or save it again")
    }
    guard present == byteCount else {
      throw malformed(path, "has \(present - byteCount) bytes more than the shape \(header.shape) needs")
    }
    return Layout(file: file, header: header, element: element, start: start, byteCount: byteCount)
  }

  /// Writes `tensor` as version 1, row-major and little-endian. Throws ``FormatError``: `invalidValue` for `bf16`,
  /// which NumPy does not have.
  /// - Parameter synced: false leaves it to the caller to sync what it writes, once for many files.
  public static func write(_ tensor: StoredTensor, to path: String, synced: Bool = true) throws {
    guard let type = NPYElement.type(of: tensor.dtype) else {
      throw FormatError(.invalidValue, file: path, "NumPy has no type \(tensor.dtype)", hint: "convert to f32 first")
    }
    let opening = try opening(type: type, shape: tensor.shape, of: path)
    try AtomicFile.write(to: path, needing: opening.count + tensor.byteCount, synced: synced) { output in
      try output.write(opening)
      try tensor.forEachChunk { try output.write($0) }
    }
  }

  /// What stands before the elements, row-major, in version 1.
  static func opening(type: String, shape: [Int], of path: String) throws -> [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    // NumPy starts the data at a multiple of 64.
    let unpadded = magic.count + 4 + header.count + 1
    header += [UInt8](repeating: 0x20, count: (64 - unpadded % 64) % 64) + [0x0A]
    guard let length = UInt16(exactly: header.count) else {
      throw FormatError(.invalidValue, file: path, "a shape of \(shape.count) extents does not fit")
    }
    return magic + [1, 0, UInt8(truncatingIfNeeded: length), UInt8(length >> 8)] + header
  }

  static func readHeader(_ file: InputFile) throws -> (NPYHeader, dataStart: Int) {
    guard file.size >= 10 else {
      throw FormatError(
        .truncated, file: file.path, "has \(file.size) bytes, too few for an array", hint: "fetch or save it again")
    }
    let opening = LittleEndian(bytes: try file.bytes(at: 0, count: min(12, file.size)))
    guard opening.bytes.starts(with: magic) else {
      throw malformed(file.path, "is not an .npy file", hint: "write it with numpy.save")
    }
    let version = opening.bytes[6]
    guard (1...3).contains(version), opening.bytes[7] == 0,
      let length = version == 1 ? opening.u16(8) : opening.u32(8)
    else {
      throw malformed(
        file.path, "has version \(version).\(opening.bytes[7]) of the format; versions 1 to 3 are supported")
    }
    guard length <= longestHeader else {
      throw FormatError(.tooLarge, file: file.path, "has a header of \(length) bytes", hint: "save it again")
    }
    let start = version == 1 ? 10 : 12
    do {
      return (try NPYHeader(parsing: try file.bytes(at: start, count: length)), start + length)
    } catch let failure as NPYHeader.ParseFailure {
      throw FormatError(
        failure.isUnsupported ? .unsupported : .malformed, file: file.path, place: "header", failure.reason,
        hint: "save a plain array of numbers with numpy.save")
    }
  }

  private static func malformed(
    _ path: String, _ detail: String, hint: String = "the file is damaged: fetch or save it again"
  ) -> FormatError {
    FormatError(.malformed, file: path, detail, hint: hint)
  }
}

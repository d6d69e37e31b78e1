/// Files of Hugging Face's safetensors: named tensors and texts about them, with nothing that could be run.
///
/// Source: the format's description, https://github.com/huggingface/safetensors#format.
public struct SafetensorsFile: Sendable {
  /// In the order of their bytes in the file.
  public var tensors: [(name: String, tensor: StoredTensor)]
  /// The header's `__metadata__`.
  public var metadata: [String: String]

  public init(tensors: [(name: String, tensor: StoredTensor)], metadata: [String: String] = [:]) {
    (self.tensors, self.metadata) = (tensors, metadata)
  }

  /// In bytes. The format allows a hundred million; the largest models there are have headers of less than two.
  static let longestHeader = 16_000_000
  /// Tensors, and members of `__metadata__`.
  static let mostEntries = 100_000
  static let metadataKey = "__metadata__"

  /// Whether the file begins as one of this format does: a length that fits, and a JSON object.
  public static func recognises(_ path: String) -> Bool {
    guard let file = try? InputFile(path), let start = try? file.bytes(at: 0, count: min(9, file.size)),
      start.count == 9, let length = LittleEndian(bytes: start).u64(0)
    else { return false }
    return length <= min(longestHeader, file.size - 8) && start[8] == UInt8(ascii: "{")
  }

  /// Reads the header and checks it against the file's size; the tensors are loaded when their bytes are asked for.
  /// - Throws: ``FormatError``.
  public static func read(_ path: String) throws -> SafetensorsFile {
    let file = try InputFile(path)
    guard file.size > 8, let length = LittleEndian(bytes: try file.bytes(at: 0, count: 8)).u64(0) else {
      throw FormatError(
        .truncated, file: path, "has \(file.size) bytes, too few for safetensors", hint: "fetch or save it again")
    }
    guard length <= longestHeader else {
      throw FormatError(
        .malformed, file: path,
        "is not a safetensors file, or its header of \(length) bytes is larger than the \(longestHeader) that are read",
        hint: "check that the download is complete and is not a web page")
    }
    let header = try SafetensorsHeader(try file.bytes(at: 8, count: length), file: path)
    let start = 8 + length
    try header.requireDense(dataBytes: file.size - start, file: path)
    let tensors = try header.entries.map { entry in
      let region = FileRegion(file: file, offset: start + entry.range.lowerBound, count: entry.range.count)
      do {
        return (
          entry.name,
          try StoredTensor(
            dtype: entry.dtype, shape: entry.shape, contents: .file(region), byteCount: entry.range.count)
        )
      } catch let error as FormatError {
        throw FormatError(.malformed, file: path, place: entry.name, error.detail, hint: SafetensorsHeader.damaged)
      }
    }
    return SafetensorsFile(tensors: tensors, metadata: header.metadata)
  }

  /// Writes the file as a whole or not at all (``AtomicFile``). The largest elements come first, then names in order, as
  /// the reference implementation has it: every tensor is then aligned to its elements. Equal values make equal bytes.
  /// - Throws: ``FormatError``.
  public func write(to path: String) throws {
    var names: Set<String> = [Self.metadataKey]
    for (name, _) in tensors where !names.insert(name).inserted {
      throw FormatError(.invalidValue, file: path, place: name, "is the name of two tensors or reserved")
    }
    let ordered = tensors.sorted { ($1.tensor.dtype.size, $0.name) < ($0.tensor.dtype.size, $1.name) }
    var header = try SafetensorsHeader.encoded(ordered, metadata: metadata)
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    guard header.count <= Self.longestHeader else {
      throw FormatError(.tooLarge, file: path, "\(tensors.count) tensors need a header of \(header.count) bytes")
    }
    let opening = withUnsafeBytes(of: UInt64(header.count).littleEndian) { [UInt8]($0) } + header
    let needed = ordered.reduce(opening.count) { $0 + $1.tensor.byteCount }
    try AtomicFile.write(to: path, needing: needed) { output in
      try output.write(opening)
      for (_, tensor) in ordered { try tensor.forEachChunk { try output.write($0) } }
    }
  }
}

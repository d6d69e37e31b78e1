extension NPYFile {
  private static let longestText = 4096

  /// The only element of an array of whatever shape, as text: a whole number without a fraction, a text of NumPy's types `U` and
  /// `S` without the zeros that fill it.
  /// - Throws: ``FormatError``, also for an array of several elements and for one of none.
  public static func onlyElement(of path: String) throws -> String {
    let file = try InputFile(path)
    let (header, start) = try readHeader(file)
    guard StoredTensor.elementCount(header.shape) == 1 else {
      throw FormatError(
        .malformed, file: path, "has the shape \(header.shape), and one element is expected",
        hint: "save a single value")
    }
    if let size = textSize(header.type) {
      guard file.size - start == size else {
        throw FormatError(
          .truncated, file: path, "has \(file.size - start) bytes of data, and its type \(header.type) needs \(size)",
          hint: "fetch or save it again")
      }
      guard let text = text(of: header.type, try file.bytes(at: start, count: size)) else {
        throw FormatError(.malformed, file: path, "holds a text that is no Unicode", hint: "fetch or save it again")
      }
      return text
    }
    let value = try read(path).floats()[0]
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// The bytes of an element of a type such as `<U7` or `|S3`; nil for types that are no texts and for longer ones.
  private static func textSize(_ type: String) -> Int? {
    let kind = type.dropFirst().first
    guard ["<", ">", "|", "="].contains(type.first), kind == "U" || kind == "S", let length = Int(type.dropFirst(2)),
      (1...longestText).contains(length)
    else { return nil }
    return kind == "U" ? 4 * length : length
  }

  private static func text(of type: String, _ bytes: [UInt8]) -> String? {
    guard type.dropFirst().first == "U" else {
      return String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    var scalars = String.UnicodeScalarView()
    for start in stride(from: 0, to: bytes.count, by: 4) {
      let word = bytes[start..<start + 4]
      let code = (type.first == ">" ? Array(word) : word.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      if code == 0 { break }
      guard let scalar = Unicode.Scalar(code) else { return nil }
      scalars.append(scalar)
    }
    return String(scalars)
  }
}

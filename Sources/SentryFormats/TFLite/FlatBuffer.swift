/// A file of FlatBuffers in memory. Every number is read only where it lies within the file, and what lists make a reader keep is
/// bounded by the file's size: tables may share their lists, so that a short file could describe much.
///
/// Source: https://flatbuffers.dev/internals.
final class FlatBuffer {
  let file: String
  private let data: LittleEndian
  private var budget: Int

  init(_ bytes: [UInt8], file: String) {
    (data, self.file) = (LittleEndian(bytes: bytes), file)
    // Writers share a list here and there.
    budget = 4 * bytes.count + 1 << 16
  }

  var count: Int { data.bytes.count }

  func root(_ place: String) throws -> FlatTable {
    try FlatTable(self, at: Int(try number(at: 0, UInt32.self, place)), place)
  }

  func number<Number: FixedWidthInteger>(at offset: Int, _ type: Number.Type, _ place: String) throws -> Number {
    guard let number = data.number(at: offset, type) else { throw outside(offset, place) }
    return number
  }

  func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { data.bytes[range] }

  /// To be called before `bytes` bytes of lists are kept.
  func spend(_ bytes: Int, _ place: String) throws {
    guard bytes <= budget else {
      throw FormatError(
        .tooLarge, file: file, place: place, "describes more data than a file of \(count) bytes can hold",
        hint: FlatBuffer.hint)
    }
    budget -= bytes
  }

  func outside(_ offset: Int, _ place: String) -> FormatError {
    FormatError(
      offset > count ? .truncated : .malformed, file: file, place: place,
      "refers to byte \(offset) of a file of \(count) bytes", hint: FlatBuffer.hint)
  }

  func malformed(_ place: String, _ detail: String) -> FormatError {
    FormatError(.malformed, file: file, place: place, detail, hint: FlatBuffer.hint)
  }

  static let hint = "the file is damaged or is not a TensorFlow Lite model: fetch it again"
}

/// Elements side by side; all of them lie within the file.
struct FlatVector {
  let start: Int
  let count: Int
}

/// A table: fields by number, any of which may be absent.
struct FlatTable {
  let buffer: FlatBuffer
  /// What errors call it.
  let place: String
  private let position, fields, fieldBytes: Int

  init(_ buffer: FlatBuffer, at position: Int, _ place: String) throws {
    (self.buffer, self.place, self.position) = (buffer, place, position)
    // Where each field lies stands in front of the table, or behind it, and is shared by tables of one form.
    fields = position - Int(try buffer.number(at: position, Int32.self, place))
    fieldBytes = Int(try buffer.number(at: fields, UInt16.self, place))
  }

  /// Where a field lies; nil where it is absent.
  private func location(_ field: Int) throws -> Int? {
    let slot = 4 + 2 * field
    guard slot + 2 <= fieldBytes else { return nil }
    let offset = Int(try buffer.number(at: fields + slot, UInt16.self, place))
    return offset == 0 ? nil : position + offset
  }

  /// What an offset at `location` refers to.
  private func target(_ location: Int) throws -> Int {
    location + Int(try buffer.number(at: location, UInt32.self, place))
  }

  func number<Number: FixedWidthInteger>(_ field: Int, _ absent: Number) throws -> Number {
    guard let location = try location(field) else { return absent }
    return try buffer.number(at: location, Number.self, place)
  }

  func table(_ field: Int, _ place: String? = nil) throws -> FlatTable? {
    guard let location = try location(field) else { return nil }
    return try FlatTable(buffer, at: try target(location), place ?? self.place)
  }

  func has(_ field: Int) throws -> Bool { try location(field) != nil }

  /// The list in a field, of elements of `size` bytes; without elements where it is absent.
  func vector(_ field: Int, of size: Int) throws -> FlatVector {
    guard let location = try location(field) else { return FlatVector(start: 0, count: 0) }
    let start = try target(location) + 4
    let count = Int(try buffer.number(at: start - 4, UInt32.self, place))
    guard start <= buffer.count, count <= (buffer.count - start) / size else {
      throw buffer.outside(start + count * size, place)
    }
    return FlatVector(start: start, count: count)
  }

  func numbers<Number: FixedWidthInteger>(_ field: Int, _ type: Number.Type) throws -> [Int] {
    let size = MemoryLayout<Number>.size
    let vector = try vector(field, of: size)
    try buffer.spend(vector.count * size, place)
    return try (0..<vector.count).map {
      // An unsigned number of 64 bits may not fit; none of the lists that are read has such.
      Int(truncatingIfNeeded: try buffer.number(at: vector.start + $0 * size, type, place))
    }
  }

  /// The tables in a list.
  func tables(_ field: Int, _ name: String) throws -> [FlatTable] {
    let vector = try vector(field, of: 4)
    try buffer.spend(vector.count * 4, place)
    return try (0..<vector.count).map {
      try FlatTable(buffer, at: try target(vector.start + 4 * $0), "\(name) \($0)")
    }
  }

  func text(_ field: Int) throws -> String {
    let vector = try vector(field, of: 1)
    try buffer.spend(vector.count, place)
    return String(decoding: buffer.bytes(vector.start..<vector.start + vector.count), as: UTF8.self)
  }
}

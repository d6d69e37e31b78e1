/// The bytes of one pickle, read through a window, with every read checked against the end.
struct PickleInput {
  let file: InputFile
  /// Absolute position in the file of the next byte.
  private(set) var position: Int
  /// Where the pickle must have ended, by the file or by the limit.
  private let end: Int
  private let endsByLimit: Bool
  /// The part of the file that the pickle lies in, for messages; empty for the whole file.
  private let part: String
  private let start: Int
  private var window: [UInt8] = []
  /// The next byte's place in the window.
  private var cursor = 0

  init(file: InputFile, part: String, range: Range<Int>, limit: Int) {
    self.file = file
    self.part = part
    position = range.lowerBound
    start = range.lowerBound
    endsByLimit = range.count > limit
    end = endsByLimit ? range.lowerBound + limit : range.upperBound
  }

  /// Where reading stands, in words.
  var place: String { part.isEmpty ? "byte \(position)" : "\(part), byte \(position - start)" }

  mutating func byte() throws -> UInt8 {
    if cursor == window.count {
      try require(1)
      window = try file.bytes(at: position, count: min(1 << 16, end - position))
      cursor = 0
    }
    position += 1
    cursor += 1
    return window[cursor - 1]
  }

  mutating func bytes(_ count: Int) throws -> [UInt8] {
    try require(count)
    defer { position += count }
    if count <= window.count - cursor {
      cursor += count
      return Array(window[cursor - count..<cursor])
    }
    window = []
    cursor = 0
    return try file.bytes(at: position, count: count)
  }

  /// A little-endian unsigned number of `width` bytes.
  mutating func number(_ width: Int) throws -> UInt64 {
    var value: UInt64 = 0
    for shift in 0..<width { value |= UInt64(try byte()) << (8 * UInt64(shift)) }
    return value
  }

  /// A length of `width` bytes and as many bytes.
  mutating func counted(_ width: Int) throws -> [UInt8] {
    guard let count = Int(exactly: try number(width)) else { throw ended() }
    return try bytes(count)
  }

  /// Text to the end of the line; names are short.
  mutating func line() throws -> String {
    var line: [UInt8] = []
    while true {
      let next = try byte()
      if next == UInt8(ascii: "\n") { break }
      line.append(next)
      if line.count > 1024 { throw malformed("a name has more than 1024 bytes") }
    }
    return try text(line)
  }

  func text(_ bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed("a string is not UTF-8") }
    return text
  }

  func malformed(_ detail: String) -> FormatError {
    FormatError(.malformed, file: file.path, place: place, detail, hint: "the file is damaged: fetch or save it again")
  }

  private func require(_ count: Int) throws {
    if count > end - position { throw ended() }
  }

  private func ended() -> FormatError {
    if endsByLimit {
      return FormatError(
        .tooLarge, file: file.path, place: place, "the description of the contents exceeds \(end - start) bytes",
        hint: "this is not a checkpoint, or it needs higher limits")
    }
    return FormatError(
      .truncated, file: file.path, place: place, "the file ends in the middle of its description of the contents",
      hint: "the file is incomplete: fetch or save it again")
  }
}

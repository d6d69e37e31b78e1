import Foundation

/// The files of an uncompressed tar archive, one after the other.
struct TarFile {
  let handle: FileHandle

  init(_ path: String) throws { handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) }

  /// Calls `body` with each file's name and a way to its bytes.
  func forEachFile(_ body: (_ name: String, _ bytes: () throws -> Data) throws -> Void) throws {
    var offset: UInt64 = 0
    while true {
      try handle.seek(toOffset: offset)
      guard let header = try handle.read(upToCount: 512), header.count == 512, header[0] != 0 else { return }
      func text(_ range: Range<Int>) -> String { String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self) }
      let size = Int(text(124..<136).trimmingCharacters(in: .whitespaces), radix: 8) ?? 0
      let start = offset + 512
      if header[156] == UInt8(ascii: "0") || header[156] == 0 {
        try body(text(0..<100)) {
          try handle.seek(toOffset: start)
          return try handle.read(upToCount: size) ?? Data()
        }
      }
      offset = start + UInt64((size + 511) / 512 * 512)
    }
  }
}

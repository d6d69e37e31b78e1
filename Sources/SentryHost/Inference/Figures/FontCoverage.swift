import Glibc

/// Which characters the installed fonts can draw. Pango draws one that none has in the size of the whole picture.
package struct FontCoverage: Sendable {
  /// Of this machine; asked of fontconfig, which gnuplot draws with, once in a process. Everything is taken to be there where it
  /// cannot be asked.
  static let installed: FontCoverage? = {
    guard let stream = popen("fc-list --format '%{charset}\\n' 2>/dev/null", "r") else { return nil }
    defer { pclose(stream) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { text += buffer.prefix(count) }
    let coverage = FontCoverage(charsets: String(decoding: text, as: UTF8.self))
    return coverage.ranges.isEmpty ? nil : coverage
  }()

  private let ranges: [ClosedRange<UInt32>]

  /// - Parameter charsets: as fontconfig writes them: `20-7e a0 100-17f`, a font a line.
  init(charsets: String) {
    ranges = charsets.split { $0 == " " || $0 == "\n" }.compactMap { word in
      let ends = word.split(separator: "-").map { UInt32($0, radix: 16) }
      guard let low = ends.first ?? nil, let high = ends.last ?? nil, low <= high else { return nil }
      return low...high
    }
  }

  /// Whether a character can be drawn, or has nothing to be drawn.
  func covers(_ scalar: Unicode.Scalar) -> Bool { drawable(scalar) != Self.box }

  static let box: Unicode.Scalar = "\u{25A1}"

  /// What stands for a character in a picture: itself, a box where no font has it, nothing where nothing is to be seen of it.
  func drawable(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if ranges.contains(where: { $0.contains(scalar.value) }) { return scalar }
    switch scalar.properties.generalCategory {
    case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator: return scalar
    // Pango leaves out only some of them. Other format characters, such as Arabic number signs, are seen.
    default: return scalar.properties.isDefaultIgnorableCodePoint ? nil : Self.box
    }
  }
}

import Foundation
import SentryImaging
import SentryTestSupport
import SentryVision

enum Fixture {
  static func path(_ name: String, from file: StaticString = #filePath) -> String {
    URL(filePath: "\(file)").deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
  }
}

extension Image {
  /// Lends the picture, which must be RGB.
  func withView<Result>(_ body: (PixelView) throws -> Result) throws -> Result {
    try pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress, channels == 3 else { throw CocoaError(.fileReadCorruptFile) }
      return try body(try PixelView(base, width: width, height: height))
    }
  }
}

/// Numbers in lines.
func table(_ path: String) throws -> [[Float]] {
  try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
    line.split(separator: " ").compactMap { Float($0) }
  }
}

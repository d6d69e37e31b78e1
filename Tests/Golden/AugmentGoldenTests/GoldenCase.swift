import Foundation
import Testing

@testable import SentryImaging

/// One case of Fixtures/golden.json, made by Fixtures/make_fixtures.py.
struct GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Pixels: Decodable, Sendable {
    let offset: Int
    let width: Int
    let height: Int
    let channels: Int
  }

  let operation: String
  let parameters: [Double]
  let source: Pixels?
  let result: Pixels
  let mask: Pixels?
  let file: String?

  var testDescription: String { "\(operation) \(file ?? "") \(parameters) \(result.channels) channels" }

  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
  private static let blob = [UInt8]((try? Data(contentsOf: fixtures.appending(path: "golden.bin"))) ?? Data())
  private static let all: [GoldenCase] = {
    guard let data = try? Data(contentsOf: fixtures.appending(path: "golden.json")) else { return [] }
    return (try? JSONDecoder().decode([GoldenCase].self, from: data)) ?? []
  }()

  static func cases(_ operations: String...) -> [GoldenCase] {
    let cases = all.filter { operations.contains($0.operation) }
    precondition(
      operations.allSatisfy { name in cases.contains { $0.operation == name } }, "fixtures lack \(operations)")
    return cases
  }

  static func image(_ pixels: Pixels) throws -> Image {
    let count = pixels.width * pixels.height * pixels.channels
    return try Image(
      width: pixels.width, height: pixels.height, channels: pixels.channels,
      pixels: Array(blob[pixels.offset..<pixels.offset + count]))
  }

  func sourceImage() throws -> Image { try Self.image(#require(source)) }
  func expected() throws -> Image { try Self.image(result) }
}

/// The largest difference of two images of one shape; nil where the shapes differ.
func largestDifference(_ one: Image, _ other: Image) -> Int? {
  guard one.width == other.width, one.height == other.height, one.channels == other.channels else { return nil }
  return zip(one.pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max()
}

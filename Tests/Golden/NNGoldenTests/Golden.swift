import Foundation
import SentryNN
import Testing

/// Reads what the scripts in Fixtures/ stored, and repeats their random tensors.
struct Golden: Sendable {
  let scalars: [String: JSONValue]
  private let index: [String: [Int]]
  private let blob: Data

  /// Of make_layer_fixtures.py.
  static let layers = Result { try Golden("layers") }
  /// Of make_network_fixtures.py.
  static let network = Result { try Golden("network") }
  /// Of make_mobilenet_fixtures.py.
  static let mobileNet = Result { try Golden("mobilenet") }
  /// Of make_sequence_fixtures.py.
  static let sequences = Result { try Golden("sequence") }

  private init(_ name: String) throws {
    struct File: Decodable {
      let scalars: [String: JSONValue]
      let index: [String: [Int]]
    }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    let file = try JSONDecoder().decode(
      File.self, from: Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    (scalars, index) = (file.scalars, file.index)
    blob = try Data(contentsOf: folder.appendingPathComponent("\(name).bin"))
  }

  func tensor(_ name: String) throws -> [Float] {
    let place = try #require(index[name], "no tensor \(name) among the fixtures")
    return blob.withUnsafeBytes { bytes in
      (0..<place[1]).map { bytes.loadUnaligned(fromByteOffset: 4 * (place[0] + $0), as: Float.self) }
    }
  }

  func number(_ name: String) throws -> Double {
    guard case .number(let value) = try #require(scalars[name], "no scalar \(name)") else {
      throw CocoaError(.coderInvalidValue)
    }
    return value
  }

  func numbers(_ name: String) throws -> [Double] {
    guard case .numbers(let values) = try #require(scalars[name], "no scalars \(name)") else {
      throw CocoaError(.coderInvalidValue)
    }
    return values
  }

  func texts(_ name: String) throws -> [String] {
    guard case .texts(let values) = try #require(scalars[name], "no names \(name)") else {
      throw CocoaError(.coderInvalidValue)
    }
    return values
  }
}

enum JSONValue: Decodable, Sendable {
  case number(Double)
  case numbers([Double])
  case texts([String])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let values = try? container.decode([Double].self) {
      self = .numbers(values)
    } else {
      self = .texts(try container.decode([String].self))
    }
  }
}

/// `uniform` of streams.py.
func uniform(_ seed: UInt64, _ count: Int, _ low: Double, _ high: Double) -> [Float] {
  var random = RandomStream(seed: seed)
  return (0..<count).map { _ in Float(low + (high - low) * random.uniform()) }
}

/// `fill` of fixtures.py: weights by their position in the state.
func fillState(_ parameters: [Parameter], _ buffers: [Buffer], seed: UInt64) {
  for (index, parameter) in parameters.enumerated() {
    let shape = parameter.shape
    let (low, high): (Double, Double)
    switch shape.count {
    case 4:
      high = (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
      low = -high
    case 2: (low, high) = (-1 / Double(shape[1]).squareRoot(), 1 / Double(shape[1]).squareRoot())
    default:
      if parameter.name.hasSuffix("weight") {
        (low, high) = (0.5, 1.5)
      } else if parameter.name.contains("norm") {
        (low, high) = (-0.2, 0.2)
      } else {
        (low, high) = (-0.03125, 0.03125)
      }
    }
    let values = uniform(seed + UInt64(index), parameter.count, low, high)
    parameter.value.update(from: values, count: values.count)
  }
  for (index, buffer) in buffers.enumerated() {
    guard case .float32(let pointer) = buffer.storage else { continue }
    let (low, high) = buffer.name.hasSuffix("mean") ? (-0.3, 0.3) : (0.5, 1.5)
    let values = uniform(seed + 10_000 + UInt64(index), buffer.shape[0], low, high)
    pointer.update(from: values, count: values.count)
  }
}

/// `sample` of fixtures.py.
func sample(_ values: UnsafePointer<Float>, _ count: Int) -> [Float] {
  let wanted = min(count, 192)
  return (0..<wanted).map { values[$0 * count / wanted] }
}

/// ‖a − b‖ / ‖b‖.
func distance(_ a: [Float], _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  var (difference, norm) = (0.0, 0.0)
  for (x, y) in zip(a, b) {
    difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
    norm += Double(y) * Double(y)
  }
  return (difference / max(norm, 1e-30)).squareRoot()
}

func largestDifference(_ a: [Float], _ b: [Float]) -> Double {
  a.count == b.count ? zip(a, b).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) } : .infinity
}

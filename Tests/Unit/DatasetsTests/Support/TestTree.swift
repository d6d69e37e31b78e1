import Foundation
import SentryDatasets
import SentryPluginAPI

/// A folder that a test fills and that goes with it.
final class TestTree {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("sentry-datasets-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with its folders.
  func write(_ relative: String, _ bytes: [UInt8]) throws {
    let full = "\(path)/\(relative)"
    try FileManager.default.createDirectory(
      atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: full))
  }

  func write(_ relative: String, text: String) throws { try write(relative, Array(text.utf8)) }

  /// A grey picture whose pixels all have one level.
  func image(_ relative: String, level: UInt8 = 128, side: Int = 4) throws {
    try write(relative, PNG.grey(side, side) { _, _ in level })
  }

  func folder(_ relative: String) throws {
    try FileManager.default.createDirectory(atPath: "\(path)/\(relative)", withIntermediateDirectories: true)
  }

  func link(_ relative: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(path)/\(relative)", withDestinationPath: target)
  }
}

/// PNG files without compression.
enum PNG {
  static func grey(_ width: Int, _ height: Int, _ level: (_ x: Int, _ y: Int) -> UInt8) -> [UInt8] {
    var raw: [UInt8] = []
    for y in 0..<height {
      raw.append(0)
      for x in 0..<width { raw.append(level(x, y)) }
    }
    let length = UInt16(raw.count)
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in raw {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    let stored: [UInt8] =
      [0x78, 0x01, 0x01, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
      + raw + big(b << 16 | a)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, 0, 0, 0, 0]) + chunk("IDAT", stored)
      + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return big(UInt32(data.count)) + body + big(~crc)
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
  }
}

extension Dataset {
  /// The names of the classes of a split's samples, in order.
  func classNames(_ split: Split) throws -> [String] {
    let classes = specification.tasks[0].classes
    return try (0..<count(in: split)).map { try targets(at: $0, in: split)[0].map { classes[$0] } ?? "?" }
  }

  /// How many samples of a split each class has.
  func tally(_ split: Split) throws -> [String: Int] {
    Dictionary(try classNames(split).map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// The class of the sample whose name holds a text.
  func className(of text: String, _ split: Split = .train) throws -> String? {
    let names = (0..<count(in: split)).map { name(at: $0, in: split) }
    return try names.firstIndex { $0.contains(text) }.map { try classNames(split)[$0] }
  }

  func pixels(at index: Int, in split: Split = .train) throws -> [UInt8] {
    let tensor = try sample(at: index, in: split)
    return try withExtendedLifetime(tensor) { Array(try tensor.elements(as: UInt8.self)) }
  }
}

/// What a call reports; nil where it succeeds.
func failure(_ body: () throws -> Void) -> PluginError? {
  do {
    try body()
    return nil
  } catch let error as PluginError {
    return error
  } catch {
    return PluginError("not a PluginError: \(error)")
  }
}

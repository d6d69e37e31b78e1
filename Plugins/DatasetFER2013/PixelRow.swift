import SentryFormats
import SentryImageDatasets
import SentryPluginAPI
import SentryTables

/// A face in a row of the table: 48 × 48 numbers, separated by blanks.
struct PixelRow: SampleSource {
  let file: CSVFile
  let location: CSVRowLocation
  let column: Int

  var name: String { "\(file.path): line \(location.line)" }

  func read() throws -> Tensor {
    try mappingFormatErrors {
      try file.row(at: location).withField(column) { field in
        let pixels = try parse(field)
        return Tensor([FER2013.side, FER2013.side, 1], pixels)
      }
    }
  }

  func fingerprint() -> Fingerprint? {
    try? file.row(at: location).withField(column) { Fingerprint(UnsafeRawBufferPointer($0)) }
  }

  private func parse(_ field: UnsafeBufferPointer<UInt8>) throws -> [UInt8] {
    let expected = FER2013.side * FER2013.side
    var pixels: [UInt8] = []
    pixels.reserveCapacity(expected)
    var count = 0
    var position = 0
    while position < field.count {
      if field[position] == 0x20 || field[position] == 0x09 {
        position += 1
        continue
      }
      let start = position
      var value = 0
      var isNumber = true
      while position < field.count, field[position] != 0x20, field[position] != 0x09 {
        let digit = Int(field[position]) - 0x30
        isNumber = isNumber && (0...9).contains(digit)
        // Values stop growing once they are too large, so that no row overflows.
        if isNumber, value <= 255 { value = value * 10 + digit }
        position += 1
      }
      count += 1
      guard isNumber, value <= 255 else {
        let text = String(decoding: field[start..<min(position, start + 20)], as: UTF8.self)
        throw bad("pixel \(count) is '\(text)'", "pixels are whole numbers from 0 to 255; correct or delete the row")
      }
      if count <= expected { pixels.append(UInt8(value)) }
    }
    guard count == expected else {
      throw bad(
        "the row has \(Notes.grouped(count)) pixels, not \(Notes.grouped(expected)) (48 × 48)",
        "correct or delete the row")
    }
    return pixels
  }

  private func bad(_ what: String, _ hint: String) -> PluginError {
    .badData("\(file.path): line \(location.line): \(what)", hint: hint)
  }
}

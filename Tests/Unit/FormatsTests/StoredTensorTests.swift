import Testing

@testable import SentryFormats

@Suite struct StoredTensorTests {
  @Test func floatsOfEachType() throws {
    func floats(_ dtype: DType, _ bytes: [UInt8]) throws -> [Float] {
      try StoredTensor(dtype: dtype, shape: [bytes.count / dtype.size], bytes: bytes).floats()
    }
    #expect(try floats(.f16, [0x00, 0x3C, 0x01, 0x00, 0x00, 0xFC]) == [1, 0x1p-24, -.infinity])
    for bits in UInt16.min...(.max) {
      let (mine, theirs) = (HalfPrecision.float(bits), Float(Float16(bitPattern: bits)))
      #expect(mine == theirs && mine.sign == theirs.sign || mine.isNaN && theirs.isNaN, "\(bits)")
    }
    #expect(try floats(.bf16, [0x80, 0x3F, 0x49, 0xC0]) == [1, -3.140625])
    #expect(try floats(.u8, [0, 255]) == [0, 255])
    #expect(try floats(.i8, [0x80, 0x7F]) == [-128, 127])
    #expect(try floats(.bool, [0, 1, 2]) == [0, 1, 1])
    #expect(try StoredTensor([1.5, 1e300], shape: [2]).floats() == [1.5, .infinity])
    #expect(try StoredTensor([Int64.max], shape: []).floats() == [0x1p63])
  }

  @Test func integersAreNotRounded() throws {
    #expect(try StoredTensor([Int64.min, .max], shape: [2]).integers() == [.min, .max])
    expectError(.invalidValue) { _ = try StoredTensor([1] as [Float], shape: [1]).integers() }
  }

  @Test func copiesNeedTheRightSize() throws {
    let tensor = try StoredTensor([1, 2] as [Float], shape: [2])
    var bytes = [UInt8](repeating: 0, count: 7)
    expectError(.invalidValue) { try bytes.withUnsafeMutableBytes { try tensor.copyBytes(into: $0) } }
    var floats = [Float](repeating: 0, count: 3)
    expectError(.invalidValue) { try floats.withUnsafeMutableBufferPointer { try tensor.copyFloats(into: $0) } }
  }

  /// Longer than one piece, from memory and from a file.
  @Test func longTensorsInPieces() throws {
    let folder = try TemporaryFolder()
    let values = (0..<200_001).map { Double($0) }
    let tensor = try StoredTensor(values, shape: [values.count])
    #expect(try tensor.floats() == values.map(Float.init))
    try PyTorchFile.writeStateDict([("x", tensor)], to: folder.file("a.pth"))
    let read = try PyTorchFile.readStateDict(folder.file("a.pth"))[0].tensor
    #expect(try read.floats() == values.map(Float.init))
    var bytes = [UInt8](repeating: 0, count: read.byteCount)
    try bytes.withUnsafeMutableBytes { try read.copyBytes(into: $0) }
    #expect(try bytes == tensor.bytes())
  }
}

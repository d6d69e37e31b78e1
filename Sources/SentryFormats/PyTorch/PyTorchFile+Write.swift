extension PyTorchFile {
  /// Writes `value` as `torch.save` does, for `torch.load(path, weights_only=True)`.
  ///
  /// The file replaces another of this name only when it is complete and on the disk (``AtomicFile``). Tensors are
  /// passed through in pieces and never held twice; each gets a storage of its own. Equal values give equal bytes,
  /// whatever the path and the time.
  /// - Throws: ``FormatError``.
  public static func write(_ value: PickleValue, to path: String) throws {
    try write(value, to: path, zip64From: UInt64(UInt32.max))
  }

  /// Writes a state dict alone: weights that `model.load_state_dict(torch.load(path))` takes. Throws ``FormatError``.
  public static func writeStateDict(
    _ tensors: some Sequence<(name: String, tensor: StoredTensor)>, to path: String
  ) throws {
    try write(.stateDict(tensors), to: path)
  }

  static func write(_ value: PickleValue, to path: String, zip64From limit: UInt64) throws {
    do {
      let pickler = try Pickler(value)
      // Each record brings a header, up to 64 bytes of alignment and a directory entry.
      let needed = pickler.tensors.reduce(pickler.bytes.count + 1024) { $0 + $1.byteCount + 256 }
      try AtomicFile.write(to: path, needing: needed) { output in
        try write(pickler, to: ZipWriter(output, zip64From: limit))
      }
    } catch let error as FormatError {
      throw error.naming(file: path)
    }
  }

  private static func write(_ pickler: Pickler, to zip: consuming ZipWriter) throws {
    // torch.save names the records after the file; a fixed name keeps the bytes independent of the path.
    let root = "archive"
    try zip.add("\(root)/data.pkl", pickler.bytes)
    try zip.add("\(root)/byteorder", Array("little".utf8))
    for (key, tensor) in pickler.tensors.enumerated() {
      try zip.add("\(root)/data/\(key)", size: tensor.byteCount) { try tensor.forEachChunk($0) }
    }
    try zip.add("\(root)/version", Array("3\n".utf8))
    try zip.add("\(root)/.data/serialization_id", serializationID(zip.contents))
    try zip.finish()
  }

  /// Forty digits that depend on the records' names and on their data, as PyTorch's do (by another hash).
  private static func serializationID(_ records: [(name: [UInt8], checksum: UInt32)]) -> [UInt8] {
    var names: UInt64 = 0xCBF2_9CE4_8422_2325
    var data = names
    for (name, checksum) in records {
      // FNV-1a
      for byte in name { names = (names ^ UInt64(byte)) &* 0x100_0000_01B3 }
      data = (data ^ UInt64(checksum)) &* 0x100_0000_01B3
    }
    return [names, data].flatMap { number in
      let digits = String(number)
      return Array((String(repeating: "0", count: 20 - digits.utf8.count) + digits).utf8)
    }
  }
}

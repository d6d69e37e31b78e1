extension PyTorchFile {
  /// `torch.serialization.MAGIC_NUMBER`, 0x1950a86a20f9469cfc6c, least significant byte first.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  /// The form before PyTorch 1.6: pickles of a magic number, a version, the machine, the object and the storages' keys,
  /// then for each key the number of elements and the elements.
  static func readStream(_ file: InputFile, limits: Limits) throws -> PickleValue {
    let opening: [UInt8] = [0x80, 0x02, 0x8A, 0x0A] + magic + [0x2E]
    guard file.size >= opening.count, try file.bytes(at: 0, count: opening.count) == opening else {
      throw notPyTorch(file, opening)
    }
    var position = opening.count
    func next() throws -> (PickleGraph.Item, PickleGraph) {
      var unpickler = Unpickler(
        PickleInput(file: file, part: "", range: position..<file.size, limit: limits.pickleBytes), limits: limits)
      let item = try unpickler.load()
      position = unpickler.input.position
      return (item, unpickler.graph)
    }
    guard case .int(1001) = try next().0 else {
      throw FormatError(.unsupported, file: file.path, "has an unknown version of PyTorch's old format")
    }
    try checkMachine(try next(), file)
    let (top, graph) = try next()
    let (keys, keyGraph) = try next()
    let regions = try storages(named: keys, keyGraph, graph, file, from: position)
    return try values(of: top, graph, regions, file: file, limits: limits)
  }

  private static func checkMachine(_ pickle: (PickleGraph.Item, PickleGraph), _ file: InputFile) throws {
    let (item, graph) = pickle
    guard let node = graph.node(item), node.kind == .dict else {
      throw ZipArchive.malformed(file, "the description of the machine is damaged")
    }
    for index in stride(from: 0, to: node.items.count - 1, by: 2) {
      if case .string("little_endian") = node.items[index], case .bool(false) = node.items[index + 1] {
        throw bigEndian(file)
      }
    }
  }

  private static func storages(
    named keys: PickleGraph.Item, _ keyGraph: PickleGraph, _ graph: PickleGraph, _ file: InputFile, from start: Int
  ) throws -> [String: FileRegion] {
    guard let list = keyGraph.node(keys), list.kind == .list else {
      throw ZipArchive.malformed(file, "the list of storages is damaged")
    }
    var known: [String: PickleGraph.Storage] = [:]
    for storage in graph.storages where known[storage.key] == nil { known[storage.key] = storage }
    var regions: [String: FileRegion] = [:]
    var position = start
    for item in list.items {
      guard case .string(let key) = item, let storage = known[key], regions[key] == nil else {
        throw ZipArchive.malformed(file, "the list of storages does not match the contents")
      }
      let header = LittleEndian(bytes: try file.bytes(at: position, count: 8))
      guard header.u64(0) == storage.count,
        let size = StoredTensor.product(storage.count, storage.dtype?.size ?? 1), size <= file.size - position - 8
      else {
        throw FormatError(
          .truncated, file: file.path, place: "byte \(position)",
          "the data of storage \(key) are incomplete or of another size than stated",
          hint: "the file is incomplete: fetch or save it again")
      }
      regions[key] = FileRegion(file: file, offset: position + 8, count: size)
      position += 8 + size
    }
    return regions
  }

  private static func notPyTorch(_ file: InputFile, _ opening: [UInt8]) -> FormatError {
    // A file cut off within the opening is a truncated one.
    if file.size < opening.count, let start = try? file.bytes(at: 0, count: file.size), opening.starts(with: start) {
      return FormatError(
        .truncated, file: file.path, "the file ends after \(file.size) bytes", hint: "fetch or save it again")
    }
    return FormatError(
      .malformed, file: file.path, "was not written by torch.save",
      hint:
        "check that the download is complete and is not a web page; the tar format from before 2017 is not supported")
  }
}

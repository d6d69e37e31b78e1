extension PyTorchFile {
  /// The zip form: `<archive>/data.pkl` describes, `<archive>/data/<key>` holds the storages.
  static func readZip(_ file: InputFile, limits: Limits) throws -> PickleValue {
    let archive: ZipArchive
    do {
      archive = try ZipArchive(file)
    } catch let error as FormatError where error.place?.contains("/code/") == true {
      // Its code is compressed, which torch.save never does.
      throw torchScript(file)
    }
    let suffix = "/data.pkl"
    let pickles = archive.entries.filter { $0.name.hasSuffix(suffix) && $0.name.count(where: { $0 == "/" }) == 1 }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw FormatError(
        .malformed, file: file.path, "is a zip file, but not one of torch.save (it has no data.pkl)",
        hint: "name a .pth or .pt file; TorchScript and other archives are not supported")
    }
    let root = String(pickle.name.dropLast(suffix.count))
    guard archive["\(root)/constants.pkl"] == nil else {
      throw torchScript(file)
    }
    try checkByteOrder(archive, root: root)
    try archive.verify(pickle)

    let range = pickle.data.offset..<pickle.data.offset + pickle.size
    var unpickler = Unpickler(
      PickleInput(file: file, part: "data.pkl", range: range, limit: limits.pickleBytes), limits: limits)
    let top = try unpickler.load()
    var regions: [String: FileRegion] = [:]
    for storage in unpickler.graph.storages where regions[storage.key] == nil {
      guard let entry = archive["\(root)/data/\(storage.key)"] else {
        throw ZipArchive.malformed(file, "the data of storage \(storage.key) are missing")
      }
      try archive.verify(entry)
      regions[storage.key] = entry.data
    }
    return try values(of: top, unpickler.graph, regions, file: file, limits: limits)
  }

  private static func torchScript(_ file: InputFile) -> FormatError {
    FormatError(
      .unsupported, file: file.path, "is a TorchScript archive, which holds code",
      hint: "in Python: torch.save(torch.jit.load(path).state_dict(), other)")
  }

  private static func checkByteOrder(_ archive: ZipArchive, root: String) throws {
    // Absent before PyTorch 2.1, when nearly every machine was little-endian.
    guard let entry = archive["\(root)/byteorder"] else { return }
    let order = try archive.contents(entry, limit: 64)
    if order != Array("little".utf8) { throw bigEndian(archive.file) }
  }

  static func bigEndian(_ file: InputFile) -> FormatError {
    FormatError(
      .unsupported, file: file.path, "was written on a big-endian machine",
      hint: "load and save it again with torch on a little-endian one")
  }

  static func values(
    of item: PickleGraph.Item, _ graph: PickleGraph, _ regions: [String: FileRegion], file: InputFile, limits: Limits
  ) throws -> PickleValue {
    let assembly = TensorAssembly(storages: graph.storages, regions: regions, file: file, limits: limits)
    var reader = PickleGraphReader(graph, file: file.path, limits: limits, tensor: assembly.tensor)
    return try reader.value(of: item)
  }
}

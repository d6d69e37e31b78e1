/// Files of `torch.save`: checkpoints and weights.
public enum PyTorchFile {
  /// What a file may claim before it is refused. The defaults suit checkpoints of any size that fits in memory.
  public struct Limits: Sendable {
    /// Bytes of the pickle, which describes the contents without the tensors' data.
    public var pickleBytes = 64 << 20
    /// Parts of that description, and values in it after shared ones are counted each time.
    public var items = 8_000_000
    /// Containers within containers.
    public var depth = 100
    /// Bytes of tensors that are not contiguous in the file and are therefore copied; nil for twice the file's size
    /// and 256 MiB. A tensor of stride 0 can claim terabytes in a hundred bytes.
    public var copiedBytes: Int?

    public init() {}
  }

  /// Reads what `torch.save` wrote, in the zip form (PyTorch 1.6 and later) or the stream before it (2017 to 2020).
  ///
  /// No code of the file is run: it may mention tensors and containers and nothing else. All data are checked against
  /// the file's size, and in the zip form against their checksums, but tensors are loaded only when their bytes are
  /// asked for; the file stays open until the last of them is gone.
  /// - Throws: ``FormatError``.
  public static func read(_ path: String, limits: Limits = Limits()) throws -> PickleValue {
    let file = try InputFile(path)
    guard file.size > 0 else {
      throw FormatError(.truncated, file: path, "the file is empty", hint: "fetch or save it again")
    }
    let start = try file.bytes(at: 0, count: min(4, file.size))
    return start.starts(with: Array("PK".utf8))
      ? try readZip(file, limits: limits) : try readStream(file, limits: limits)
  }

  /// `read` and ``PickleValue/stateDict(file:)`` in one, for a file that holds nothing but a state dict.
  public static func readStateDict(_ path: String) throws -> [(name: String, tensor: StoredTensor)] {
    try read(path).stateDict(file: path)
  }
}

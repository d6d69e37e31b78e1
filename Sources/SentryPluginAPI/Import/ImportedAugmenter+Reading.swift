import CSentryPlugin

extension ImportedAugmenter {
  /// The augmenter as a reader of files; nil where it does not offer `sentry.augmenter.reader/1`.
  public func reader() throws -> ImportedFileReader? {
    guard let raw = object.pointee.get_extension(object, SENTRY_EXTENSION_AUGMENTER_READER) else { return nil }
    let table = raw.assumingMemoryBound(to: sentry_augmenter_reader.self)
    try checkSize(table.pointee.struct_size, atLeast: SENTRY_AUGMENTER_READER_SIZE_1_0, "sentry_augmenter_reader")
    return try ImportedFileReader(self, table)
  }
}

/// An augmenter of the other side that reads files.
public final class ImportedFileReader: FileReadingAugmenter, @unchecked Sendable {
  // Unchecked: the table does not change, and its functions may be called from any thread.
  private let augmenter: ImportedAugmenter
  private let table: UnsafePointer<sentry_augmenter_reader>
  public let reading: FileReading
  public var specification: AugmenterSpecification { augmenter.specification }

  init(_ augmenter: ImportedAugmenter, _ table: UnsafePointer<sentry_augmenter_reader>) throws {
    (self.augmenter, self.table) = (augmenter, table)
    reading = try JSON.decode(
      from: String(cString: table.pointee.describe(augmenter.object)), what: "what the augmenter says of its files")
  }

  public func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    try augmenter.apply(input, strength: strength, seed: seed)
  }

  public func sampleCount(of path: String) throws -> Int {
    var count: Int64 = 0
    try acrossBorder { table.pointee.count(augmenter.object, path, &count, $0) }
    guard count > 0 else { throw PluginError("\(path): the augmenter says that it holds \(count) samples") }
    return Int(count)
  }

  public func readSample(_ index: Int, of path: String, options: Options) throws -> Tensor {
    var sample: UnsafeMutablePointer<sentry_managed_tensor>?
    try acrossBorder { table.pointee.read(augmenter.object, path, Int64(index), options.json, &sample, $0) }
    return try handedOver(sample)
  }
}

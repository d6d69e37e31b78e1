public import CSentryPlugin

public final class ImportedAugmenter: Augmenter, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_AUGMENTER
  let object: UnsafeMutablePointer<sentry_augmenter>
  public let specification: AugmenterSpecification
  private let reading: UnsafePointer<sentry_augmenter_reader>?

  public init(adopting object: UnsafeMutableRawPointer) throws {
    let object = object.assumingMemoryBound(to: sentry_augmenter.self)
    self.object = object
    try checkSize(object.pointee.struct_size, atLeast: SENTRY_AUGMENTER_SIZE_1_0, "sentry_augmenter")
    specification = try JSON.decode(
      from: String(cString: object.pointee.describe(object)), what: "the augmenter's description")
    reading = try offered(
      SENTRY_EXTENSION_AUGMENTER_READER, atLeast: SENTRY_AUGMENTER_READER_SIZE_1_0, as: sentry_augmenter_reader.self
    ) { object.pointee.get_extension(object, $0) }
  }
  deinit { object.pointee.destroy(object) }

  public func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    var output: UnsafeMutablePointer<sentry_managed_tensor>?
    try input.withBorderTensor { input in
      try acrossBorder { object.pointee.apply(object, input, strength.rawValue, seed, &output, $0) }
    }
    return try handedOver(output)
  }

  /// The augmenter as a reader of files; nil where it does not offer `sentry.augmenter.reader/1`.
  public func reader() throws -> ImportedFileReader? { try reading.map { try ImportedFileReader(self, $0) } }
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
      from: String(cString: table.pointee.describe(augmenter.object)), what: "the augmenter's description of its files")
  }

  public func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    try augmenter.apply(input, strength: strength, seed: seed)
  }

  public func sampleCount(of path: String) throws -> Int {
    var count: Int64 = 0
    try acrossBorder { table.pointee.count(augmenter.object, path, &count, $0) }
    guard count > 0 else { throw PluginError("\(path): the augmenter reports \(count) samples") }
    return Int(count)
  }

  public func readSample(_ index: Int, of path: String, options: Options) throws -> Tensor {
    var sample: UnsafeMutablePointer<sentry_managed_tensor>?
    try acrossBorder { table.pointee.read(augmenter.object, path, Int64(index), options.json, &sample, $0) }
    return try handedOver(sample)
  }
}

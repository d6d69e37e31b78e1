import CSentryPlugin

public final class ImportedAugmenter: Augmenter, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_AUGMENTER
  let object: UnsafeMutablePointer<sentry_augmenter>
  public let specification: AugmenterSpecification
  public let callee: Callee
  private let reading: UnsafePointer<sentry_augmenter_reader>?
  private let views: UnsafePointer<sentry_augmenter_views>?
  /// The sets of views that it offers; none without `sentry.augmenter.views/draft-1`.
  public let viewSets: [ViewSet]

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_AUGMENTER_SIZE_1_0, "sentry_augmenter")
    let object = object.assumingMemoryBound(to: sentry_augmenter.self)
    self.object = object
    specification = try callee.during("describing itself") { try described(object.pointee.describe(object)) }
    reading = try offered(
      SENTRY_EXTENSION_AUGMENTER_READER, atLeast: SENTRY_AUGMENTER_READER_SIZE_1_0, as: sentry_augmenter_reader.self
    ) { object.pointee.get_extension(object, $0) }
    views = try offered(
      SENTRY_EXTENSION_AUGMENTER_VIEWS, atLeast: SENTRY_AUGMENTER_VIEWS_SIZE_1_0, as: sentry_augmenter_views.self
    ) { object.pointee.get_extension(object, $0) }
    viewSets = try views.map { try (described($0.pointee.describe(object)) as ViewSets).sets ?? [] } ?? []
  }
  deinit { callee.during("being destroyed") { object.pointee.destroy(object) } }

  public func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    var output: UnsafeMutablePointer<sentry_managed_tensor>?
    try input.withBorderTensor { input in
      try callee.call("augmenting") { object.pointee.apply(object, input, strength.rawValue, seed, &output, $0) }
    }
    return try callee.judge("augmenting") {
      let tensor = try handedOver(output)
      try specification.output.require(tensor, "outputs")
      return tensor
    }
  }

  /// The augmenter as a reader of files; nil where it does not offer `sentry.augmenter.reader/1`.
  public func reader() throws -> ImportedFileReader? { try reading.map { try ImportedFileReader(self, $0) } }
}

extension ImportedAugmenter: ViewingAugmenter {
  public func view(_ view: Int, ofSet set: Int, _ input: Tensor) throws -> Tensor {
    let views = try required(views, SENTRY_EXTENSION_AUGMENTER_VIEWS)
    var output: UnsafeMutablePointer<sentry_managed_tensor>?
    try input.withBorderTensor { input in
      try callee.call("making view", SamplePlace(view)) {
        views.pointee.view(object, input, Int32(set), Int32(view), &output, $0)
      }
    }
    return try handedOver(output)
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
    reading = try described(table.pointee.describe(augmenter.object))
  }

  public func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    try augmenter.apply(input, strength: strength, seed: seed)
  }

  public func sampleCount(of path: String) throws -> Int {
    var count: Int64 = 0
    try augmenter.callee.call("counting the samples of a file") {
      table.pointee.count(augmenter.object, path, &count, $0)
    }
    guard count > 0, PhysicalMemory.bytes(of: [Int(count)], each: 8) != nil else {
      throw PluginError("\(path): \(augmenter.callee.title) reports \(count) samples")
    }
    return Int(count)
  }

  public func readSample(_ index: Int, of path: String, options: Options) throws -> Tensor {
    var sample: UnsafeMutablePointer<sentry_managed_tensor>?
    let place = SamplePlace(index)
    try augmenter.callee.call("reading sample", place) {
      table.pointee.read(augmenter.object, path, Int64(index), options.json, &sample, $0)
    }
    return try augmenter.callee.judge("reading sample", place) { try handedOver(sample) }
  }
}

import Glibc

/// Floats at a fixed, aligned address, zero at first. Large ones ask for huge pages: the kernels walk them by columns. Their
/// memory is the system's own zeros, and takes place only where it is touched: a network that only predicts has gradients, too.
public final class FloatBuffer {
  public private(set) var pointer: UnsafeMutablePointer<Float>
  public private(set) var capacity = 0
  /// What ``MappedMemory`` gave; 0: the allocator's.
  private var mappedBytes = 0
  private static let hugePage = 2 << 20

  public init() { pointer = UnsafeMutablePointer<Float>.allocate(capacity: 1) }

  /// - Throws: ``NNError`` `.outOfMemory`.
  public convenience init(_ count: Int) throws {
    self.init()
    try reserve(count)
  }

  deinit { release() }

  private func release() {
    if mappedBytes > 0 { MappedMemory.release(pointer, mappedBytes) } else { free(pointer) }
  }

  /// Makes room for `count` floats. Growing moves the buffer and gives up its contents.
  /// - Throws: ``NNError`` `.outOfMemory`.
  public func reserve(_ count: Int) throws {
    guard count > capacity else { return }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !overflow, bytes <= Int.max / 2, let memory = Self.zeros(bytes) else {
      throw NNError(
        .outOfMemory, "no memory for \(count) floats", hint: "use a smaller batch or a smaller image size")
    }
    release()
    pointer = memory.bindMemory(to: Float.self, capacity: count)
    capacity = count
    mappedBytes = Self.pageSize(bytes) == Self.hugePage ? Self.footprint(bytes) : 0
  }

  private static func zeros(_ bytes: Int) -> UnsafeMutableRawPointer? {
    if pageSize(bytes) == hugePage { return MappedMemory.zeros(footprint(bytes), alignment: hugePage) }
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, pageSize(bytes), footprint(bytes)) == 0, let memory else { return nil }
    memset(memory, 0, bytes)
    return memory
  }

  /// A strip's scratch, which is walked by columns too, has half a huge page and more.
  private static func pageSize(_ bytes: Int) -> Int { bytes >= hugePage / 2 ? hugePage : 4096 }

  /// The memory that a buffer of `bytes` takes: whole pages.
  package static func footprint(_ bytes: Int) -> Int {
    let page = pageSize(bytes)
    return (bytes + page - 1) / page * page
  }

  /// The floats below `count` to zero.
  public func clear(_ count: Int) { memset(pointer, 0, count * MemoryLayout<Float>.stride) }
}

extension FloatBuffer {
  /// - Throws: ``NNError`` `.outOfMemory`.
  package convenience init(copying values: [Float]) throws {
    try self.init(values.count)
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      pointer.update(from: base, count: values.count)
    }
  }
}

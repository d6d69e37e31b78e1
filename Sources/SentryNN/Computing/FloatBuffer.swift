import Glibc

/// Floats at a fixed, aligned address, zero at first. Large ones ask for huge pages: the kernels walk them by columns.
public final class FloatBuffer {
  public private(set) var pointer: UnsafeMutablePointer<Float>
  public private(set) var capacity = 0
  private static let hugePage = 2 << 20

  public init() { pointer = UnsafeMutablePointer<Float>.allocate(capacity: 1) }

  /// - Throws: ``NNError`` `.outOfMemory`.
  public convenience init(_ count: Int) throws {
    self.init()
    try reserve(count)
  }

  deinit { free(pointer) }

  /// Makes room for `count` floats. Growing moves the buffer and gives up its contents.
  /// - Throws: ``NNError`` `.outOfMemory`.
  public func reserve(_ count: Int) throws {
    guard count > capacity else { return }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    let alignment = Self.pageSize(bytes)
    var memory: UnsafeMutableRawPointer?
    guard !overflow, bytes <= Int.max - alignment, posix_memalign(&memory, alignment, Self.footprint(bytes)) == 0,
      let memory
    else {
      throw NNError(
        .outOfMemory, "no memory for \(count) floats", hint: "use a smaller batch or a smaller image size")
    }
    if alignment == Self.hugePage { madvise(memory, Self.footprint(bytes), MADV_HUGEPAGE) }
    memset(memory, 0, bytes)
    free(pointer)
    pointer = memory.bindMemory(to: Float.self, capacity: count)
    capacity = count
  }

  /// A strip's scratch, which is walked by columns too, has half a huge page and more.
  private static func pageSize(_ bytes: Int) -> Int { bytes >= hugePage / 2 ? hugePage : 4096 }

  /// The memory that a buffer of `bytes` takes: whole pages.
  static func footprint(_ bytes: Int) -> Int {
    let page = pageSize(bytes)
    return (bytes + page - 1) / page * page
  }

  /// The floats below `count` to zero.
  public func clear(_ count: Int) { memset(pointer, 0, count * MemoryLayout<Float>.stride) }
}

extension FloatBuffer {
  /// - Throws: ``NNError`` `.outOfMemory`.
  convenience init(copying values: [Float]) throws {
    try self.init(values.count)
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      pointer.update(from: base, count: values.count)
    }
  }
}

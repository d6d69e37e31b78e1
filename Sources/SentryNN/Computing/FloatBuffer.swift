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
    // From half a huge page on a whole number of them: a strip's scratch, walked by columns, is of that size.
    let alignment = bytes >= Self.hugePage / 2 ? Self.hugePage : 4096
    let (padded, tooLarge) = bytes.addingReportingOverflow(alignment - 1)
    let size = padded / alignment * alignment
    var memory: UnsafeMutableRawPointer?
    guard !overflow, !tooLarge, posix_memalign(&memory, alignment, size) == 0, let memory else {
      throw NNError(
        .outOfMemory, "no memory for \(count) floats", hint: "use a smaller batch or a smaller image size")
    }
    if alignment == Self.hugePage { madvise(memory, size, MADV_HUGEPAGE) }
    memset(memory, 0, bytes)
    free(pointer)
    pointer = memory.bindMemory(to: Float.self, capacity: count)
    capacity = count
  }

  /// The floats below `count` to zero.
  public func clear(_ count: Int) { memset(pointer, 0, count * MemoryLayout<Float>.stride) }
}

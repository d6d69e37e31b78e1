import Glibc

/// Memory from the system, past the allocator.
enum MappedMemory {
  /// - Parameters:
  ///   - bytes: whole pages of the size that is asked for.
  ///   - alignment: the size of those pages, which the system may join.
  /// - Returns: nil where there is none.
  static func zeros(_ bytes: Int, alignment: Int) -> UnsafeMutableRawPointer? {
    // So much more that an aligned place is within; what is before and behind it goes back.
    let whole = bytes + alignment
    guard
      let start = mmap(nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), start != MAP_FAILED
    else { return nil }
    let before = (alignment - Int(bitPattern: start) % alignment) % alignment
    let aligned = start + before
    if before > 0 { munmap(start, before) }
    if before < alignment { munmap(aligned + bytes, alignment - before) }
    madvise(aligned, bytes, MADV_HUGEPAGE)
    return aligned
  }

  static func release(_ memory: UnsafeMutableRawPointer, _ bytes: Int) { munmap(memory, bytes) }
}

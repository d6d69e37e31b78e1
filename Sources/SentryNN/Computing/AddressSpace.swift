import Glibc

/// Whether there is memory for libraries that do not ask: where `mmap` gives them nothing, OpenBLAS tries again without end and
/// oneDNN writes its code to no address.
enum AddressSpace {
  /// More than the code of any one primitive takes, with what it allocates beside that.
  private static let ofPrimitive = 32 << 20

  static func hasRoom(for bytes: Int) -> Bool {
    guard let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { return false }
    munmap(memory, bytes)
    return true
  }

  /// To be called before oneDNN makes a primitive (some microseconds beside milliseconds).
  /// - Throws: ``NNError`` `.outOfMemory`.
  static func requireRoom(for primitive: @autoclosure () -> String, isRoom: (Int) -> Bool = hasRoom) throws {
    guard !isRoom(ofPrimitive) else { return }
    throw NNError(
      .outOfMemory, "no memory for the code of \(primitive())",
      hint: "raise the limit on memory (ulimit -v), or use a smaller batch or a smaller image size")
  }
}

import Glibc

/// Whether there is memory for libraries that do not ask: where `mmap` gives them nothing, OpenBLAS tries again without end and
/// oneDNN writes its code to no address.
enum AddressSpace {
  /// What oneDNN writes code for, and more than that code takes with what is allocated beside it.
  enum Code: Int {
    /// The first product of a kind: 0.5 MB, and up to 6 MB of copied operands (oneDNN 2.6, AVX2).
    case product
    /// A copy to another layout: 0.5 MB.
    case reorder
    /// A convolution or another primitive: 0.5 MB on AVX2. On AVX-512 one convolution has up to some dozens of kernels of 0.25 MB.
    case primitive

    fileprivate var bytes: Int {
      switch self {
      case .product: 8 << 20
      case .reorder: 4 << 20
      case .primitive: 32 << 20
      }
    }
  }

  static func hasRoom(for bytes: Int) -> Bool {
    guard let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else { return false }
    munmap(memory, bytes)
    return true
  }

  /// To be called before oneDNN writes code (some microseconds beside milliseconds).
  /// - Parameter name: what the code computes, for the message.
  /// - Throws: ``NNError`` `.outOfMemory`.
  static func requireRoom(
    for code: Code, _ name: @autoclosure () -> String, isRoom: (Int) -> Bool = hasRoom
  ) throws {
    guard !isRoom(code.bytes) else { return }
    throw NNError(
      .outOfMemory, "no memory for the code of \(name())",
      hint: "raise the limit on memory (ulimit -v), or use a smaller batch or a smaller image size")
  }
}

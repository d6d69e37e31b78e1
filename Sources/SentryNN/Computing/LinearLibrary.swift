import COpenBLAS
import Synchronization

/// Which library multiplies the matrices of ``Linear``: OpenBLAS, but where it could hang.
///
/// OpenBLAS takes 128 MiB for every thread that calls it, when it first does, and where there is no memory it tries again
/// without end. So its memory is asked for beforehand, and it is used only where it got it: under a limit (`ulimit -v`) that
/// leaves too little, oneDNN's product serves, whose sums differ in the last bits.
public enum LinearLibrary: Sendable {
  case openBLAS, oneDNN

  /// What OpenBLAS maps for a thread, and what is to be left beside it.
  static let bytesOfThread = 128 << 20
  private static let spare = 256 << 20

  private struct State {
    /// Calls that may be under way at once, by all networks.
    var callers = 0
    /// Threads whose memory OpenBLAS has.
    var served = 0
  }
  private static let state = Mutex(State())

  /// Sees to it that so many more threads can call OpenBLAS at once.
  /// - Parameter isRoom: whether so many bytes can be mapped.
  static func reserve(threads: Int, isRoom: (Int) -> Bool = AddressSpace.hasRoom) -> LinearLibrary {
    state.withLock { state in
      // The threads are ours: a library's own team would fight with them for the same cores.
      openblas_set_num_threads(1)
      let missing = state.callers + threads - state.served
      if missing > 0 {
        guard isRoom(missing * bytesOfThread + spare) else { return .oneDNN }
        // What it holds is given back, not to the system but to whoever calls next.
        let buffers = (0..<state.served + missing).map { _ in blas_memory_alloc(2) }
        for buffer in buffers { blas_memory_free(buffer) }
        state.served += missing
      }
      state.callers += threads
      return .openBLAS
    }
  }

  /// The threads that ``reserve(threads:isRoom:)`` was asked for call no longer.
  func release(threads: Int) {
    if self == .openBLAS { Self.state.withLock { $0.callers -= threads } }
  }
}

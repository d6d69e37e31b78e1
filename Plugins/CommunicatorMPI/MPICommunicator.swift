import CMPI
import CSentryPlugin
import SentryPluginAPI
import Synchronization

/// The processes that `mpirun` or `srun` started, over Open MPI.
final class MPICommunicator: Communicator {
  let specification: CommunicatorSpecification

  private struct Operation: @unchecked Sendable { let raw: OpaquePointer }
  private struct Operations {
    var last: UInt64 = 0
    var open: [UInt64: Operation] = [:]
  }
  private let operations = Mutex(Operations())

  init() throws {
    var world = sentry_mpi_world()
    try Self.checked { sentry_mpi_join(&world, $0) }
    specification = CommunicatorSpecification(
      engine: String(cString: world.engine), rank: Int(world.rank), size: Int(world.size),
      localRank: Int(world.local_rank), localSize: Int(world.local_size), host: String(cString: world.host))
  }

  /// Whether the library is there; it joins nothing.
  static func check(_ device: String) throws {
    guard device == "cpu" else {
      throw PluginError("MPI sums tensors in the host's memory", code: SENTRY_UNSUPPORTED)
    }
    do { try checked { sentry_mpi_open($0) } } catch let error as PluginError {
      throw PluginError(error.message, hint: error.hint, code: SENTRY_UNSUPPORTED)
    }
  }

  private static func checked(_ call: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32) throws {
    var message: UnsafePointer<CChar>?
    guard call(&message) != 0 else { return }
    throw PluginError(
      message.map { String(cString: $0) } ?? "MPI failed",
      hint:
        "Open MPI 4 must be installed (Debian: libopenmpi3, openmpi-bin), and be the mpirun that started this process")
  }

  private func start(
    _ call: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32
  ) throws -> UInt64 {
    var raw: OpaquePointer?
    try Self.checked { call(&raw, $0) }
    guard let raw else { throw PluginError("MPI started nothing") }
    let operation = Operation(raw: raw)
    return operations.withLock { operations in
      operations.last += 1
      operations.open[operations.last] = operation
      return operations.last
    }
  }

  private func opened(_ number: UInt64) throws -> Operation {
    guard let operation = operations.withLock({ $0.open[number] }) else {
      throw PluginError.invalid("no operation has the number \(number)", hint: "an operation ends once")
    }
    return operation
  }

  func startSum(_ tensor: Tensor) throws -> UInt64 {
    guard tensor.deviceType == SENTRY_DEVICE_CPU else {
      throw PluginError("MPI sums no tensor of device type \(tensor.deviceType)", code: SENTRY_UNSUPPORTED)
    }
    guard [.float32, .float64].contains(tensor.dtype) else {
      throw PluginError("sums of \(tensor.dtype.rawValue) are not supported", code: SENTRY_UNSUPPORTED)
    }
    return try start { sentry_mpi_sum(tensor.data, tensor.count, tensor.dtype == .float64 ? 1 : 0, $0, $1) }
  }

  func startBroadcast(_ bytes: UnsafeMutableRawBufferPointer, root: Int) throws -> UInt64 {
    try start { sentry_mpi_broadcast(bytes.baseAddress, bytes.count, Int32(root), $0, $1) }
  }

  func startGather(_ bytes: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer) throws -> UInt64 {
    try start { sentry_mpi_gather(bytes.baseAddress, bytes.count, all.baseAddress, $0, $1) }
  }

  func startBarrier() throws -> UInt64 { try start { sentry_mpi_barrier($0, $1) } }

  func isDone(_ number: UInt64) throws -> Bool {
    let operation = try opened(number)
    var done: Int32 = 0
    try Self.checked { sentry_mpi_test(operation.raw, &done, $0) }
    if done != 0 { operations.withLock { $0.open[number] = nil } }
    return done != 0
  }

  func absent(from number: UInt64) throws -> [Int] {
    let operation = try opened(number)
    var absent = [UInt8](repeating: 0, count: specification.size)
    try Self.checked { sentry_mpi_absent(operation.raw, &absent, $0) }
    return absent.indices.filter { absent[$0] != 0 }
  }

  func abort(status: Int32) { sentry_mpi_abort(status) }
  func end() { sentry_mpi_leave() }
}

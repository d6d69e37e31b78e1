import CSentryPlugin

public final class ImportedCommunicator: Communicator, ImportedComponent, @unchecked Sendable {
  public static let kind = SENTRY_KIND_COMMUNICATOR
  // Unchecked: who has it makes one call at a time.
  private let object: UnsafeMutablePointer<sentry_communicator>
  public let specification: CommunicatorSpecification
  public let callee: Callee

  public init(adopting object: UnsafeMutableRawPointer, as callee: Callee) throws {
    self.callee = callee
    try checkObject(object, atLeast: SENTRY_COMMUNICATOR_SIZE_1_0, "sentry_communicator")
    let object = object.assumingMemoryBound(to: sentry_communicator.self)
    self.object = object
    specification = try callee.during("describing itself") { try described(object.pointee.describe(object)) }
  }

  public func startSum(_ tensor: Tensor) throws -> UInt64 {
    try tensor.withBorderTensor { view in try started { object.pointee.sum(object, view, $0, $1) } }
  }

  public func startBroadcast(_ bytes: UnsafeMutableRawBufferPointer, root: Int) throws -> UInt64 {
    guard let base = bytes.baseAddress else { throw PluginError.invalid("a broadcast of nothing") }
    return try started { object.pointee.broadcast(object, base, UInt64(bytes.count), Int32(root), $0, $1) }
  }

  public func startGather(_ bytes: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer) throws -> UInt64 {
    guard let base = bytes.baseAddress, let target = all.baseAddress,
      all.count == bytes.count * specification.size
    else { throw PluginError.invalid("\(bytes.count) bytes of each rank are gathered into \(all.count)") }
    return try started { object.pointee.gather(object, base, UInt64(bytes.count), target, $0, $1) }
  }

  public func startBarrier() throws -> UInt64 { try started { object.pointee.barrier(object, $0, $1) } }

  private func started(
    _ call: (UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<sentry_error>) -> sentry_status
  ) throws -> UInt64 {
    var ticket: UInt64 = 0
    try callee.call("starting an operation") { call(&ticket, $0) }
    return ticket
  }

  public func isDone(_ operation: UInt64) throws -> Bool {
    var done: Int32 = 0
    try callee.call("looking after an operation") { object.pointee.test(object, operation, &done, $0) }
    return done != 0
  }

  public func absent(from operation: UInt64) throws -> [Int] {
    var absent = [UInt8](repeating: 0, count: specification.size)
    try callee.call("looking for absent ranks") { object.pointee.absent(object, operation, &absent, $0) }
    return absent.indices.filter { absent[$0] != 0 }
  }

  public func abort(status: Int32) { object.pointee.abort(object, status) }

  /// Destroys the object, which must not be used any more. One that is never ended is never destroyed: to do so waits for the
  /// other ranks.
  public func end() { object.pointee.destroy(object) }
}

import SentryThreads
import Testing

@testable import SentryNN

/// Where OpenBLAS could hang oneDNN multiplies, and the layer does the same.
@Suite struct LinearLibraryTests {
  @Test func withoutRoomOpenBLASIsLeftAlone() {
    var asked = 0
    let library = LinearLibrary.reserve(threads: 100_000) { bytes in
      asked = bytes
      return false
    }
    #expect(library == .oneDNN)
    // At least half of the threads have no memory yet, whatever ran before.
    #expect(asked > 50_000 * LinearLibrary.bytesOfThread)
    library.release(threads: 100_000)
    let usual = LinearLibrary.reserve(threads: 1)
    #expect(usual == .openBLAS)
    usual.release(threads: 1)
  }

  /// oneDNN would write the code of a primitive to no address.
  @Test func withoutRoomNoPrimitiveIsMade() throws {
    let error = #expect(throws: NNError.self) {
      try AddressSpace.requireRoom(for: .primitive, "a convolution") { _ in false }
    }
    #expect(error?.code == .outOfMemory && error?.hint.contains("ulimit -v") == true)
    try AddressSpace.requireRoom(for: .primitive, "a convolution")
    #expect(!AddressSpace.hasRoom(for: 1 << 60))
  }

  private struct Outcome { var y, dx, weight, bias: [Float] }

  private func run(_ library: LinearLibrary, batch: Int) throws -> Outcome {
    let context = try ComputeContext(
      executor: try ThreadPool(threadCount: 3), maximumChannels: 1, linearLibrary: library)
    #expect(context.linearLibrary == library)
    let arena = ParameterArena()
    let (inputs, outputs) = (37, 11)
    let layer = Linear("linear", inputs: inputs, outputs: outputs, context: context, in: arena)
    try arena.seal()
    var random = RandomStream(seed: 3)
    layer.initialise(&random)
    let x = (0..<batch * inputs).map { _ in Float(random.normal()) }
    let dy = (0..<batch * outputs).map { _ in Float(random.normal()) }
    var (y, dx) = ([Float](repeating: .nan, count: batch * outputs), [Float](repeating: .nan, count: batch * inputs))
    try layer.forward(x, &y, batch: batch)
    try dx.withUnsafeMutableBufferPointer { try layer.backward(x, dy, dx: $0.baseAddress, batch: batch) }
    func gradient(_ parameter: Parameter) -> [Float] {
      Array(UnsafeBufferPointer(start: parameter.gradient, count: parameter.count))
    }
    return Outcome(y: y, dx: dx, weight: gradient(layer.weight), bias: gradient(layer.bias))
  }

  @Test(arguments: [1, 5]) func bothLibrariesGiveTheSame(batch: Int) throws {
    let (one, other) = (try run(.openBLAS, batch: batch), try run(.oneDNN, batch: batch))
    for values in [\Outcome.y, \.dx, \.weight, \.bias] {
      let (a, b) = (one[keyPath: values], other[keyPath: values])
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) })
    }
  }

  /// oneDNN makes the code of a kind of product once, and would write it to no address.
  @Test func theFirstProductOfAKindNeedsRoom() throws {
    let code = ProductCode()
    func require(adding: Bool, room: Bool) throws {
      try code.requireRoom(false, true, isVector: false, adding: adding) { bytes in
        // 6 MB are needed; a run with little memory that has them must not be refused.
        #expect((6 << 20)...(10 << 20) ~= bytes)
        return room
      }
    }
    #expect(throws: NNError.self) { try require(adding: false, room: false) }
    try require(adding: false, room: true)
    try require(adding: false, room: false)
    #expect(throws: NNError.self) { try require(adding: true, room: false) }
  }
}

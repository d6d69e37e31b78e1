import SentryBase
import SentryPluginAPI
import SentryThreads
import Synchronization

/// One run of a law: its random numbers, which depend on seed and law alone, and what it warns of.
struct LawRun {
  var random: SplitMix64
  private(set) var warnings: [String] = []

  init(seed: UInt64, law: String) {
    random = SplitMix64(seed: law.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 })
  }

  mutating func warn(_ message: String) { warnings.append(message) }

  /// A tensor of random values as real ones may be: uint8 over its whole range, floats normally distributed, integers 0 to 9.
  mutating func tensor(_ specification: TensorSpecification, batch: Int? = nil, varying extent: Int = 24) throws
    -> Tensor
  {
    // The last varying extent of an image is its channels.
    let open = specification.shape.indices.filter { specification.shape[$0] == -1 }
    let shape = specification.shape.enumerated().map { index, size in
      guard size == -1 else { return size }
      return specification.layout == "HWC" && index == open.last && open.count == 3 ? 3 : extent
    }
    let tensor = Tensor((batch.map { [$0] } ?? []) + shape, specification.dtype)
    switch specification.dtype {
    case .uint8: for index in 0..<tensor.count { try tensor.elements(as: UInt8.self)[index] = UInt8(random.below(256)) }
    case .float32:
      for index in 0..<tensor.count { try tensor.elements(as: Float.self)[index] = Float(random.gaussian()) }
    case .float64: for index in 0..<tensor.count { try tensor.elements(as: Double.self)[index] = random.gaussian() }
    case .int32: for index in 0..<tensor.count { try tensor.elements(as: Int32.self)[index] = Int32(random.below(10)) }
    case .int64: for index in 0..<tensor.count { try tensor.elements(as: Int64.self)[index] = Int64(random.below(10)) }
    default: throw Skip("samples of \(specification.dtype.rawValue) are not generated")
    }
    return tensor
  }
}

extension Tensor {
  var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: data, count: byteCount)) }

  /// Whether it has the type and the shape that a description states, and is not empty.
  func fits(_ declared: TensorSpecification) -> Bool { declared.describes(self) && shape.allSatisfy { $0 > 0 } }

  /// The first element that is NaN or infinite, if the elements are floats.
  func firstNotFinite() throws -> Int? {
    switch dtype {
    case .float32: try elements(as: Float.self).firstIndex { !$0.isFinite }
    case .float64: try elements(as: Double.self).firstIndex { !$0.isFinite }
    default: nil
    }
  }

  /// Rows of the first axis.
  func rows(_ range: Range<Int>) -> Tensor {
    let stride = byteCount / max(shape.first ?? 1, 1)
    let part = Tensor([range.count] + shape.dropFirst(), dtype)
    part.data.copyMemory(from: data + range.lowerBound * stride, byteCount: range.count * stride)
    return part
  }

  var title: String { "\(dtype.rawValue) \(shape)" }
}

/// Runs a body on eight threads at once, and gives what each returned, in order.
func onEightThreads<Result: Sendable>(_ body: @Sendable (Int) throws -> Result) throws -> [Result] {
  let results = Mutex([Int: Swift.Result<Result, any Error>]())
  try ThreadPool(threadCount: 8).run(8) { index, _ in
    let result = Swift.Result { try body(index) }
    results.withLock { $0[index] = result }
  }
  return try results.withLock { all in try (0..<8).compactMap { try all[$0]?.get() } }
}

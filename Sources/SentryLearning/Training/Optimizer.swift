import CSentryKernels
import SentryThreads

/// Applies an ``UpdateRule`` to all parameters, with clipping by the global gradient norm, in one threaded pass.
///
/// It works on plain memory, so that tensors that came through a plugin's border train as well. Sums are taken over pieces
/// of fixed length in their order: the result does not depend on the number of threads.
public final class Optimizer {
  /// A tensor to train and where its gradient lies.
  public struct Tensor {
    public let value: UnsafeMutablePointer<Float>
    public let gradient: UnsafePointer<Float>
    public let count: Int

    public init(value: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, count: Int) {
      (self.value, self.gradient, self.count) = (value, gradient, count)
    }
  }

  private struct Piece {
    let (tensor, start, count, state): (Int, Int, Int, Int)
  }

  private static let pieceLength = 1 << 15
  public let rule: any UpdateRule
  /// The largest global norm of the gradients; nil does not clip.
  public let maximumNorm: Double?
  /// The steps taken so far; a restored run sets it.
  public var steps = 0
  private let tensors: [Tensor]
  private let pieces: [Piece]
  private let offsets: [Int]
  /// One for each of the rule's slots; a tensor's part starts on a multiple of 64 bytes.
  private let slots: [FloatBuffer]
  private let squareSums: UnsafeMutablePointer<Double>
  private let executor: any ParallelExecutor
  private let kernels: sentry_kernels
  private let update: sentry_update

  /// - Parameter tensors: what trains; the order is that of the states.
  /// - Throws: ``NNError`` where there is no memory, the CPU lacks AVX2 or no kernel has the rule's name.
  public init(
    _ rule: any UpdateRule, of tensors: [Tensor], maximumNorm: Double? = 1, executor: any ParallelExecutor
  ) throws {
    (self.rule, self.tensors, self.maximumNorm, self.executor) = (rule, tensors, maximumNorm, executor)
    kernels = try CPULevel.selected().kernels
    let name = type(of: rule).name
    guard let update = kernels.update(name) else {
      throw NNError(
        .invalidInput, "there is no kernel of the optimizer \(name)", hint: "SentryKernels/Update.swift lists them")
    }
    self.update = update
    var (pieces, offsets, total) = ([Piece](), [Int](), 0)
    for (index, tensor) in tensors.enumerated() {
      offsets.append(total)
      for start in stride(from: 0, to: tensor.count, by: Self.pieceLength) {
        pieces.append(
          Piece(
            tensor: index, start: start, count: min(Self.pieceLength, tensor.count - start), state: total + start))
      }
      total += (tensor.count + 15) / 16 * 16
    }
    (self.pieces, self.offsets) = (pieces, offsets)
    slots = try rule.slots.map { _ in try FloatBuffer(total) }
    squareSums = .allocate(capacity: max(pieces.count, 1))
  }

  deinit { squareSums.deallocate() }

  /// What is kept for a tensor in one of the rule's slots, for checkpoints.
  public func state(_ slot: Int, of tensor: Int) -> UnsafeMutablePointer<Float> {
    slots[slot].pointer + offsets[tensor]
  }

  /// The global norm of the gradients.
  public func gradientNorm() -> Double {
    executor.run(pieces.count) { index, _ in
      let piece = pieces[index]
      squareSums[index] = kernels.sum_of_squares(piece.count, tensors[piece.tensor].gradient + piece.start)
    }
    return (0..<pieces.count).reduce(0) { $0 + squareSums[$1] }.squareRoot()
  }

  /// One step. Returns the gradients' norm before clipping (0 where nothing is clipped).
  @discardableResult public func step(learningRate: Double) -> Double {
    steps += 1
    let norm = maximumNorm == nil ? 0 : gradientNorm()
    let clip = maximumNorm.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    let coefficients = rule.coefficients(UpdateStep(number: steps, learningRate: learningRate, clip: Float(clip)))
    executor.run(pieces.count) { index, _ in
      let piece = pieces[index]
      let tensor = tensors[piece.tensor]
      update(
        piece.count, coefficients, tensor.gradient + piece.start, tensor.value + piece.start,
        slots.map { $0.pointer + piece.state })
    }
    return norm
  }
}

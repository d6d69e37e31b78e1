import CSentryKernels
import Glibc
import SentryThreads

/// AdamW (Loshchilov and Hutter 2019) with clipping by the global gradient norm, in one threaded pass.
///
/// It works on plain memory, so that tensors that came through a plugin's border train as well. Sums are taken over pieces
/// of fixed length in their order: the result does not depend on the number of threads.
public final class AdamW {
  public struct Options: Sendable {
    public var (beta1, beta2, epsilon, weightDecay) = (0.9, 0.999, 1e-8, 0.05)
    /// The largest global norm of the gradients; nil does not clip.
    public var maximumNorm: Double? = 1

    public init() {}
  }

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
  public let options: Options
  /// The steps taken so far; a restored run sets it.
  public var steps = 0
  private let tensors: [Tensor]
  private let pieces: [Piece]
  private let offsets: [Int]
  private let means: FloatBuffer
  private let squares: FloatBuffer
  private let squareSums: UnsafeMutablePointer<Double>
  private let executor: any ParallelExecutor
  private let kernels: sentry_kernels

  /// - Parameter tensors: what trains; the order is that of the states.
  /// - Throws: ``NNError`` where there is no memory or the CPU lacks AVX2.
  public init(_ tensors: [Tensor], options: Options = Options(), executor: any ParallelExecutor) throws {
    (self.tensors, self.options, self.executor) = (tensors, options, executor)
    kernels = try CPULevel.selected().kernels
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
    means = try FloatBuffer(total)
    squares = try FloatBuffer(total)
    squareSums = .allocate(capacity: max(pieces.count, 1))
  }

  deinit { squareSums.deallocate() }

  /// The running mean of a tensor's gradient (`exp_avg`), for checkpoints.
  public func mean(of tensor: Int) -> UnsafeMutablePointer<Float> { means.pointer + offsets[tensor] }

  /// The running mean of its square (`exp_avg_sq`).
  public func square(of tensor: Int) -> UnsafeMutablePointer<Float> { squares.pointer + offsets[tensor] }

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
    let norm = options.maximumNorm == nil ? 0 : gradientNorm()
    let clip = options.maximumNorm.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    let step = sentry_adamw(
      rate: Float(learningRate / (1 - pow(options.beta1, Double(steps)))),
      decay: Float(1 - learningRate * options.weightDecay),
      root: Float(1 / (1 - pow(options.beta2, Double(steps))).squareRoot()), epsilon: Float(options.epsilon),
      beta1: Float(options.beta1), beta2: Float(options.beta2), clip: Float(clip))
    executor.run(pieces.count) { index, _ in
      let piece = pieces[index]
      let tensor = tensors[piece.tensor]
      kernels.adamw(
        piece.count, step, tensor.gradient + piece.start, tensor.value + piece.start, means.pointer + piece.state,
        squares.pointer + piece.state)
    }
    return norm
  }
}

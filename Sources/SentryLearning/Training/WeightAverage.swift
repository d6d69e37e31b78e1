import SentryThreads

/// An exponential moving average of weights (Polyak and Juditsky 1992; Tarvainen and Valpola 2017), as PyTorch's `AveragedModel` with
/// `get_ema_multi_avg_fn` and `use_buffers`: after the first update it is the weights themselves, then
/// average += (1 - decay) * (value - average).
public final class WeightAverage {
  /// Weights, and where the average of each lies.
  public struct Tensor {
    public let value: UnsafeMutablePointer<Float>
    public let count: Int

    public init(value: UnsafeMutablePointer<Float>, count: Int) { (self.value, self.count) = (value, count) }
  }

  /// How much of the average each update leaves.
  public struct Decay: Sendable, Equatable {
    /// 0 to 1.
    public var limit: Double
    /// Whether the decay of update n, from 0, is at most (1 + n) / (10 + n), as TensorFlow's `ExponentialMovingAverage` has it: else the first
    /// weights, which are of no use, stay in the average for 1 / (1 - decay) updates.
    public var warmsUp: Bool

    public init(_ limit: Double, warmsUp: Bool = true) { (self.limit, self.warmsUp) = (limit, warmsUp) }

    /// - Parameter updates: how many were made before.
    public func value(afterUpdates updates: Int) -> Double {
      warmsUp ? min(limit, Double(1 + updates) / Double(10 + updates)) : limit
    }
  }

  private static let pieceLength = 1 << 15
  public let decay: Decay
  /// The updates so far; a restored run sets it.
  public var updates = 0
  private let tensors: [Tensor]
  private let averages: [FloatBuffer]
  private let pieces: [(tensor: Int, range: Range<Int>)]
  private let executor: any ParallelExecutor

  /// - Throws: ``NNError`` where there is no memory.
  public init(_ decay: Decay, of tensors: [Tensor], executor: any ParallelExecutor) throws {
    (self.decay, self.tensors, self.executor) = (decay, tensors, executor)
    averages = try tensors.map { try FloatBuffer($0.count) }
    pieces = tensors.enumerated().flatMap { index, tensor in
      stride(from: 0, to: tensor.count, by: Self.pieceLength).map {
        (index, $0..<min($0 + Self.pieceLength, tensor.count))
      }
    }
  }

  /// The average of a tensor, for saving.
  public func average(of tensor: Int) -> UnsafeMutablePointer<Float> { averages[tensor].pointer }

  /// Takes the weights as they are now into the average.
  public func update() {
    let share = updates == 0 ? 1 : Float(1 - decay.value(afterUpdates: updates))
    updates += 1
    forEachPiece { value, average, count in
      if share == 1 {
        average.update(from: value, count: count)
      } else {
        for index in 0..<count { average[index] += share * (value[index] - average[index]) }
      }
    }
  }

  /// The weights become the average, and the average the weights; a second call brings both back. Nothing before the first update.
  public func exchange() {
    guard updates > 0 else { return }
    forEachPiece { value, average, count in
      for index in 0..<count { (value[index], average[index]) = (average[index], value[index]) }
    }
  }

  private func forEachPiece(
    _ body: @Sendable (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    executor.run(pieces.count) { index, _ in
      let piece = pieces[index]
      let start = piece.range.lowerBound
      body(tensors[piece.tensor].value + start, averages[piece.tensor].pointer + start, piece.range.count)
    }
  }
}

import Foundation
import SentryNN
import SentryThreads
import Testing

@testable import PostureTCNLSTM

/// Networks that see some rows of a batch each, with sums over all of them, compute what one computes of the whole batch: batch
/// norms, drop-out, gradients.
@Suite struct SharedBatchTests {
  /// Adds up what several threads bring, and lets them go on once all have come.
  private final class MeetingPoint: @unchecked Sendable {
    private let condition = NSCondition()
    private let count: Int
    private var (arrived, round) = (0, 0)
    private var (sum, finished) = ([Double](), [Double]())
    init(_ count: Int) { self.count = count }

    func add(_ values: UnsafeMutableBufferPointer<Double>) {
      condition.lock()
      defer { condition.unlock() }
      if arrived == 0 { sum = [Double](repeating: 0, count: values.count) }
      for index in values.indices { sum[index] += values[index] }
      arrived += 1
      let own = round
      if arrived == count {
        (arrived, round, finished) = (0, round + 1, sum)
        condition.broadcast()
      }
      while round == own { condition.wait() }
      // The next sum is finished only once all have taken this one.
      for index in values.indices { values[index] = finished[index] }
    }
  }

  private struct Result: Sendable {
    var logits: [Float] = []
    var gradients: [[Float]] = []
  }

  private static let (steps, features, batch) = (6, 15, 5)
  private static let input = (0..<batch * steps * features).map { Float(($0 * 37) % 23) / 11 - 1 }

  /// - Parameter rows: of the batch; the gradient of a logit depends on its row in the whole batch.
  private static func train(rows: Range<Int>, ranks: Ranks?) throws -> Result {
    var options = PostureNet.Options()
    (options.tasks, options.seed) = ([PostureNet.Task("posture", classes: 4)], 3)
    let net = try PostureNet(options, executor: try ThreadPool(threadCount: 1))
    net.context.ranks = ranks
    let own = Array(input[rows.lowerBound * steps * features..<rows.upperBound * steps * features])
    let output = try net.forward(input: own, batch: rows.count, steps: steps, training: true, seed: 9)
    let slopes = (rows.lowerBound * 4..<rows.upperBound * 4).map { Float($0 % 7) / 7 - 0.4 }
    var result = Result()
    result.logits = Array(UnsafeBufferPointer(start: output.logits[0], count: rows.count * 4))
    try slopes.withUnsafeBufferPointer { try net.backward(logitsGradients: [$0.baseAddress]) }
    result.gradients = net.arena.parameters.map {
      Array(UnsafeBufferPointer(start: $0.gradient, count: $0.count))
    }
    return result
  }

  @Test(arguments: [[0..<2, 2..<5], [0..<1, 1..<2, 2..<5], [0..<3, 3..<4, 4..<5]])
  func ofSharesIsThatOfTheWhole(shares: [Range<Int>]) throws {
    let whole = try Self.train(rows: 0..<Self.batch, ranks: nil)
    let meeting = MeetingPoint(shares.count)
    let results = Results(shares.count)
    let threads = shares.enumerated().map { index, rows in
      Thread {
        let ranks = Ranks(share: RowShare(first: rows.lowerBound, whole: Self.batch)) { meeting.add($0) }
        results.set(index) { try Self.train(rows: rows, ranks: ranks) }
      }
    }
    for thread in threads { thread.start() }
    let parts = try results.wait()
    let logits = parts.flatMap(\.logits)
    #expect(zip(logits, whole.logits).allSatisfy { abs($0 - $1) < 1e-5 } && logits.count == whole.logits.count)
    for (index, gradient) in whole.gradients.enumerated() {
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let difference = gradient.indices.reduce(Float(0)) { sum, place in
        let value = parts.reduce(Float(0)) { $0 + $1.gradients[index][place] } - gradient[place]
        return sum + value * value
      }.squareRoot()
      #expect(difference <= 1e-4 * norm + 1e-6, "parameter \(index): \(difference) of \(norm)")
    }
  }

  /// Without the sums it would not be: the test above can fail.
  @Test func withoutSumsItIsNot() throws {
    let whole = try Self.train(rows: 0..<Self.batch, ranks: nil)
    let part = try Self.train(rows: 0..<2, ranks: Ranks(share: RowShare(first: 0, whole: Self.batch), sum: nil))
    #expect(!zip(part.logits, whole.logits).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  private final class Results: @unchecked Sendable {
    private let condition = NSCondition()
    private var values: [Swift.Result<Result, any Error>?]
    init(_ count: Int) { values = [Swift.Result<Result, any Error>?](repeating: nil, count: count) }

    func set(_ index: Int, _ body: () throws -> Result) {
      let value = Swift.Result { try body() }
      condition.lock()
      values[index] = value
      condition.broadcast()
      condition.unlock()
    }

    func wait() throws -> [Result] {
      condition.lock()
      defer { condition.unlock() }
      while values.contains(where: { $0 == nil }) { condition.wait() }
      return try values.compactMap { try $0?.get() }
    }
  }
}

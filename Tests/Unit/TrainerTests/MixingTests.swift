import Glibc
import SentryBase
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import TrainerSupervised

/// Batches that are mixed in pairs.
@Suite struct MixingTests {
  private let image = TensorSpecification(.float32, [2, 3, 4], layout: "CHW")

  private func batch(_ rows: Int, of values: Int, targets: [Int64], soft: [Float]? = nil, seed: UInt64 = 1) -> Batch {
    Batch(
      epoch: 0, step: 0, seed: seed,
      inputs: Tensor([rows, values], (0..<rows * values).map { Float($0 / values + 1) }),
      targets: Tensor([rows, targets.count / rows], targets),
      softTargets: soft.map { Tensor([rows, $0.count / rows], $0) })
  }

  /// Inputs and labels of a pair with the same shares; the middle one stays.
  @Test func mixupMixesInputsAndLabels() throws {
    let mixed = try Mixing(mixup: 1, cutmix: 0).mixed(
      batch(3, of: 24, targets: [2, 1, 0]), classes: [3], input: image)
    let (x, soft) = (try mixed.inputs.array(of: Float.self), try #require(mixed.softTargets).array(of: Float.self))
    let share = soft[2]
    #expect(share >= 0.5 && share < 1)
    #expect(abs(x[0] - (share * 1 + (1 - share) * 3)) < 1e-6 && abs(x[71] - (share * 3 + (1 - share) * 1)) < 1e-6)
    #expect(x[24..<48].allSatisfy { $0 == 2 })
    let expected = [1 - share, 0, share, 0, 1, 0, share, 0, 1 - share]
    for (ours, wanted) in zip(soft, expected) { #expect(abs(ours - wanted) < 1e-6) }
    #expect(try mixed.targets.array(of: Int64.self) == [2, 1, 0])
  }

  @Test func aBoxOfTheOtherImageCountsByItsArea() throws {
    for seed in UInt64(0)..<20 {
      let mixed = try Mixing(mixup: 0, cutmix: 1).mixed(
        batch(2, of: 24, targets: [0, 1], seed: seed), classes: [2], input: image)
      let (x, soft) = (try mixed.inputs.array(of: Float.self), try #require(mixed.softTargets).array(of: Float.self))
      let strange = (0..<2).map { plane in (0..<12).filter { x[plane * 12 + $0] == 2 } }
      #expect(strange[0] == strange[1], "both channels have the same box")
      #expect(abs(soft[1] - Float(strange[0].count) / 12) < 1e-6 && abs(soft[0] + soft[1] - 1) < 1e-6)
      let (rows, columns) = (Set(strange[0].map { $0 / 4 }), Set(strange[0].map { $0 % 4 }))
      #expect(strange[0].count == rows.count * columns.count, "a box")
    }
  }

  /// Distributions are mixed as classes are; a task that one of a pair lacks teaches neither of the two.
  @Test func labelsThatAreMissingStayMissing() throws {
    let nan = Float.nan
    let given = batch(
      2, of: 3, targets: [0, -1, 1, 1], soft: [nan, nan, nan, nan, 0.5, 0.5, nan, nan])
    let mixed = try Mixing.mixed(given, classes: [2, 2], share: 0.75) { _, _ in }
    #expect(try mixed.targets.array(of: Int64.self) == [0, -1, 1, -1])
    let soft = try #require(mixed.softTargets).array(of: Float.self)
    #expect(Array(soft[0..<2]) == [0.875, 0.125] && Array(soft[4..<6]) == [0.625, 0.375])
    #expect(soft[2...3].allSatisfy(\.isNaN) && soft[6...7].allSatisfy(\.isNaN))
  }

  @Test func theSeedAloneDecides() throws {
    let mixing = Mixing(mixup: 0.4, cutmix: 1)
    func values(_ seed: UInt64) throws -> [Float] {
      try mixing.mixed(batch(4, of: 24, targets: [0, 1, 0, 1], seed: seed), classes: [2], input: image).inputs
        .array(of: Float.self)
    }
    #expect(try values(5) == values(5) && values(5) != values(6))
  }

  /// Mean 1/2 and variance 1 / (4 (2 α + 1)).
  @Test(arguments: [0.2, 1.0, 4.0]) func sharesAreBeta(_ alpha: Double) {
    var random = SplitMix64(seed: 3)
    let draws = (0..<20_000).map { _ in Mixing.beta(alpha, &random) }
    let mean = draws.reduce(0, +) / 20_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    let wanted = 1 / (4 * (2 * alpha + 1))
    #expect(abs(mean - 0.5) < 4 * (wanted / 20_000).squareRoot())
    #expect(abs(variance - wanted) < 0.04 * wanted)
  }

  private func expectError(_ text: String, _ body: () throws -> Void) {
    #expect {
      try body()
    } throws: { ($0 as? PluginError)?.message.contains(text) == true }
  }

  @Test func aTinyAlphaMixesNothing() {
    var random = SplitMix64(seed: 3)
    let draws = Set((0..<100).map { _ in Mixing.beta(1e-300, &random) })
    #expect(draws == [0, 1])
  }

  @Test func whatCannotBeMixedIsRefused() throws {
    expectError("are no images") { try Mixing(mixup: 0, cutmix: 1).check(TensorSpecification(.float32, [30, 15])) }
    expectError("only float32") { try Mixing(mixup: 1, cutmix: 0).check(TensorSpecification(.uint8, [3])) }
    try Mixing(mixup: 1, cutmix: 0).check(TensorSpecification(.float32, [30, 15]))
  }
}

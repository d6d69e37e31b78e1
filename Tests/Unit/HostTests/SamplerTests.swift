import SentryPluginAPI
import Testing
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct SamplerTests {
  /// 60 of class 0, 25 of class 1, 5 of class 2.
  private let labels = (0..<90).map { $0 % 18 == 0 ? 2 : $0 % 18 < 6 ? 1 : 0 }
  private func list() throws -> SampleList { try SampleList(of: .train, in: PlainDataset(train: labels)) }

  @Test func anEpochIsAShuffleOfAll() throws {
    let sampler = Sampler(try list(), seed: 1)
    let order = sampler.order(epoch: 0)
    #expect(order.map(\.position).sorted() == Array(0..<90))
    #expect(order.map(\.position) != Array(0..<90))
    #expect(order.allSatisfy { $0.ordinal == 0 })
    #expect(order == Sampler(try list(), seed: 1).order(epoch: 0))
    #expect(order != sampler.order(epoch: 1))
    #expect(order != Sampler(try list(), seed: 2).order(epoch: 0))
  }

  /// Pins the order itself, computed by other means: runs that were begun must find it again after every change of this code.
  @Test func theOrderIsPinned() throws {
    let ten = try SampleList(of: .train, in: PlainDataset(train: [Int?](repeating: 0, count: 10)))
    #expect(Sampler(ten, seed: 42).order(epoch: 3).map(\.position) == [5, 7, 0, 8, 6, 2, 9, 3, 1, 4])
  }

  @Test func balancingFillsSmallClassesAndThinsLargeOnes() throws {
    let list = try list()
    let counts = list.counts(ofTask: 0, classes: 3)
    #expect(counts == [60, 25, 5])
    for quota in [60, 25, 7, 3] {
      let sampler = Sampler(list, quota: quota, seed: 1)
      let order = sampler.order(epoch: 0)
      #expect(order.count == 3 * quota)
      #expect(sampler.epochSize == 3 * quota)
      #expect(sampler.distribution(classes: 3) == [quota, quota, quota])
      for label in 0..<3 {
        let draws = order.filter { labels[$0.position] == label }
        let originals = draws.filter { $0.ordinal == 0 }
        #expect(draws.count == quota)
        #expect(originals.count == min(quota, counts[label]), "class \(label) to \(quota)")
        #expect(Set(originals.map(\.position)).count == originals.count)
        #expect(Set(draws.map { [$0.position, $0.ordinal] }).count == quota, "each repeat has its own number")
      }
      let next = sampler.order(epoch: 1)
      #expect(next != order)
      #expect(sampler.order(epoch: 0) == order)
    }
  }

  @Test func undersampledClassesShowAllTheyHaveOverTime() throws {
    let sampler = Sampler(try list(), quota: 5, seed: 1)
    let seen = (0..<150).reduce(into: Set<Int>()) { $0.formUnion(sampler.order(epoch: $1).map(\.position)) }
    #expect(seen.count == 90)
  }

  /// Repeats are drawn with replacement, each sample as likely: of 25 samples filled up with 35000, each gets 1400 ± 8 sigma.
  @Test func repeatsAreUniform() throws {
    let order = Sampler(try list(), quota: 35_025, seed: 3).order(epoch: 0)
    var drawn = [Int: Int]()
    for draw in order where labels[draw.position] == 1 && draw.ordinal > 0 { drawn[draw.position, default: 0] += 1 }
    #expect(drawn.count == 25)
    #expect(drawn.values.allSatisfy { abs($0 - 1400) < 300 })
  }

  @Test func unlabelledSamplesAreKeptOnce() throws {
    let list = try SampleList(of: .train, in: PlainDataset(train: [0, 0, 0, 1, nil, nil]))
    let order = Sampler(list, quota: 3, seed: 1).order(epoch: 0)
    #expect(order.count == 8)
    #expect(order.filter { $0.position >= 4 }.count == 2)
  }

  /// Whoever they are, ranks together see the batches of one process.
  @Test(arguments: 1...5) func ranksShareTheRowsOfEveryBatch(size: Int) throws {
    let sampler = Sampler(try list(), seed: 5)
    var options = RunOptions(output: "")
    options.batchSize = 7
    let whole = LoadingPass.training(sampler, epoch: 2, options: options)
    for batch in 0..<whole.batchCount {
      let rows = (0..<size).flatMap { rank -> [SampleDraw] in
        let share = BatchShare(rank: rank, of: size, whole: 7)
        let pass = LoadingPass.training(sampler, epoch: 2, options: options, share: share)
        #expect(pass.batchCount == whole.batchCount && pass.rowCount(ofBatch: batch) == share.rows)
        #expect(share.rows == 7 / size || share.rows == 7 / size + 1)
        return (0..<share.rows).map { pass.draw(batch: batch, row: $0) }
      }
      #expect(rows == (0..<7).map { whole.draw(batch: batch, row: $0) })
    }
  }

  @Test func strengthFollowsBalancing() {
    var options = RunOptions(output: "")
    let (first, again) = (SampleDraw(position: 0), SampleDraw(position: 0, ordinal: 2))
    #expect(options.strength(of: again) == .standard)
    options.augmentation = .strong
    #expect(options.strength(of: first) == .strong)
    options.balance = true
    #expect(options.strength(of: first) == .standard)
    #expect(options.strength(of: again) == .strong)
    options.augmentation = .none
    #expect(options.strength(of: again) == .none)
  }

  @Test func theQuotaIsTheMajorityOrWhatIsAskedFor() throws {
    var options = RunOptions(output: "")
    #expect(try Sampler.quota(for: [3, 9, 0], options: options) == nil)
    options.balance = true
    #expect(try Sampler.quota(for: [3, 9, 0], options: options) == 9)
    options.targetSamples = 500
    #expect(try Sampler.quota(for: [3, 9, 0], options: options) == 500)
    for bad in [0, -1, Int.max] {
      options.targetSamples = bad
      #expect(throws: PluginError.self) { try Sampler.quota(for: [3], options: options) }
    }
    options = RunOptions(output: "")
    options.targetSamples = 5
    #expect(throws: PluginError.self) { try Sampler.quota(for: [3], options: options) }
  }

  @Test func seedsDependOnEveryPart() {
    let seeds = [
      Seed.derive(1, "a", 2, 3), Seed.derive(2, "a", 2, 3), Seed.derive(1, "b", 2, 3), Seed.derive(1, "a", 3, 2),
      Seed.derive(1, "a", 2), Seed.derive(1, "a"),
    ]
    #expect(Set(seeds).count == seeds.count)
  }
}

import SentryPluginAPI
import Testing
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct SampleCacheTests {
  private let slab = 1 << 20

  @Test func aSampleIsReadOnce() throws {
    let dataset = PlainDataset(train: [0, 1, 2], validation: [1], shape: { [$0 + 1] })
    let cache = SampleCache(capacity: 4 << 20)
    for _ in 0..<3 {
      for index in 0..<3 {
        let sample = try cache.sample(at: index, in: .train, of: dataset)
        #expect(sample.shape == [index + 1])
        #expect(try sample.array(of: Float.self) == [Float](repeating: Float(index), count: index + 1))
      }
    }
    #expect(dataset.reads.withLock { $0 } == 3)
    _ = try cache.sample(at: 0, in: .validation, of: dataset)
    #expect(dataset.reads.withLock { $0 } == 4, "the splits are told apart")
    let found = cache.takeStatistics()
    #expect(found.hits == 6 && found.misses == 4 && found.samples == 4)
    #expect(found.bytes > slab && found.bytes < slab + 1000)
    #expect(cache.takeStatistics().hits == 0)
  }

  /// What a sample shows is what it showed at first, though the next one lies beside it.
  @Test func neighboursDoNotTouch() throws {
    let dataset = PlainDataset(train: (0..<500).map { _ in 0 }, shape: { [$0 % 7 + 1] })
    let cache = SampleCache(capacity: 8 << 20)
    for index in 0..<500 { _ = try cache.sample(at: index, in: .train, of: dataset) }
    for index in 0..<500 {
      let values = try cache.sample(at: index, in: .train, of: dataset).array(of: Float.self)
      #expect(values == [Float](repeating: Float(index), count: index % 7 + 1))
    }
    #expect(dataset.reads.withLock { $0 } == 500)
  }

  @Test func itStaysWithinItsBytes() throws {
    // Four samples fill a slab; the budget holds two slabs and their entries.
    let dataset = PlainDataset(train: (0..<40).map { _ in 0 }, shape: { _ in [1 << 16] })
    let cache = SampleCache(capacity: 2 * slab + 10_000)
    for _ in 0..<2 { for index in 0..<40 { _ = try cache.sample(at: index, in: .train, of: dataset) } }
    let found = cache.takeStatistics()
    #expect(found.samples == 8 && found.hits == 8 && found.bytes <= found.capacity)
    #expect(dataset.reads.withLock { $0 } == 72)
  }

  @Test func aSampleBeyondTheBudgetIsNotKept() throws {
    let dataset = PlainDataset(train: [0], shape: { _ in [1 << 20] })
    let cache = SampleCache(capacity: slab)
    for _ in 0..<2 { #expect(try cache.sample(at: 0, in: .train, of: dataset).count == 1 << 20) }
    #expect(cache.takeStatistics().bytes == 0)
  }

  @Test func aLimitHoldsFromThenOn() throws {
    let dataset = PlainDataset(train: [0, 0])
    let cache = SampleCache(capacity: 4 << 20)
    cache.limit(to: 0)
    _ = try cache.sample(at: 0, in: .train, of: dataset)
    #expect(cache.takeStatistics().samples == 0)
  }

  @Test func failuresAreNotKept() throws {
    let dataset = PlainDataset(train: [0], unreadable: [0])
    let cache = SampleCache(capacity: 4 << 20)
    for _ in 0..<2 {
      #expect(throws: PluginError.self) { _ = try cache.sample(at: 0, in: .train, of: dataset) }
    }
    #expect(dataset.reads.withLock { $0 } == 2)
  }

  @Test func aTensorOutlivesItsCache() throws {
    let dataset = PlainDataset(train: [0, 0, 0, 0])
    var cache: SampleCache? = SampleCache(capacity: 4 << 20)
    _ = try cache?.sample(at: 3, in: .train, of: dataset)
    let sample = try #require(try cache?.sample(at: 3, in: .train, of: dataset))
    cache = nil
    #expect(try sample.array(of: Float.self) == [3, 3])
  }

  @Test func loadersGiveTheSameBytesWithAndWithout() throws {
    let dataset = PlainDataset(train: (0..<200).map { $0 % 3 })
    var options = RunOptions(output: "")
    (options.batchSize, options.augmentation) = (16, .strong)
    let sampler = Sampler(try SampleList(of: .train, in: dataset), seed: 5)
    func inputs(_ cache: SampleCache?, epoch: Int) throws -> [Float] {
      let reader = SampleReader(
        dataset: dataset, augmenter: SeedShowing(), input: .init(.float32, [2]), seed: 5, skipBad: 0, cache: cache)
      let loader = try Loader(.training(sampler, epoch: epoch, options: options), reader: reader, workers: 4)
      var all: [Float] = []
      while let batch = try loader.next() { all += try batch.inputs.array(of: Float.self) }
      return all
    }
    // Half of the samples fit, if a slab's worth does; here all do.
    let cache = SampleCache(capacity: 4 << 20)
    for epoch in 0..<3 { #expect(try inputs(cache, epoch: epoch) == inputs(nil, epoch: epoch)) }
    #expect(cache.takeStatistics().hits > 300)
  }
}

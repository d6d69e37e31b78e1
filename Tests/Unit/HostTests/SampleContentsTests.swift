import SentryPluginAPI
import Testing
@testable import SentryRuntime

@Suite struct SampleContentsTests {
  private func contents(_ dataset: PlainDataset, like before: SampleContents? = nil) throws -> SampleContents {
    let lists = try [Split.train, .validation].map { try SampleList(of: $0, in: dataset) }
    return try SampleContents(of: lists, in: dataset, like: before)
  }

  @Test func valuesCountAndNotOnlyNames() throws {
    let labels = [0, 1, 2, 0]
    let first = try contents(PlainDataset(train: labels, validation: [1, 2]))
    #expect(try contents(PlainDataset(train: labels, validation: [1, 2])) == first)
    #expect(try contents(PlainDataset(train: labels, validation: [1, 2], offset: 0.5)) != first)
    #expect(try contents(PlainDataset(train: labels, validation: [1, 2], unreadable: [3])) != first)
    #expect(try contents(PlainDataset(train: labels, validation: [1, 2], shape: { [2 + $0 / 3] })) != first)
  }

  @Test func whatCouldNotBeReadMayBeMended() throws {
    let broken = try contents(PlainDataset(train: [0, 1, 2, 0], unreadable: [3]))
    #expect(broken.unreadable == [3])
    #expect(try contents(PlainDataset(train: [0, 1, 2, 0]), like: broken) == broken)
    #expect(try contents(PlainDataset(train: [0, 1, 2, 0], offset: 1), like: broken) != broken)
  }

  @Test func ofManyLargeOnesEveryNthCounts() {
    let picture = TensorSpecification(.uint8, [-1, -1, 3])
    #expect(SampleContents.positions(of: 2000, sample: picture) == Array(0..<2000))
    let some = SampleContents.positions(of: 300_000, sample: picture)
    #expect(some.count == SampleContents.most && some.first == 0 && Set(some).count == some.count)
    #expect(SampleContents.positions(of: 40_000, sample: TensorSpecification(.uint8, [48, 48, 1])).count == 40_000)
    #expect(SampleContents.positions(of: 5, sample: TensorSpecification(.float32, [1 << 30, 1 << 30])).count == 1)
    #expect(SampleContents.positions(of: 0, sample: picture).isEmpty)
  }
}

import Synchronization
import Testing
@testable import SentryPluginAPI
@testable import SentryRuntime

/// What follows from the data, in the options of those who asked for it.
@Suite struct DerivedOptionsTests {
  /// Ten samples [2] of one group each, whose statistics are the indices that were asked about.
  final class Measured: StatisticsProviding {
    let shape: [Int]
    let asked = Mutex<[Int]>([])
    let providesStatistics: Bool
    init(shape: [Int] = [2], providesStatistics: Bool = true) {
      (self.shape, self.providesStatistics) = (shape, providesStatistics)
    }
    var specification: DatasetSpecification {
      .init(
        sample: .init(.float32, shape, layout: "TF"), tasks: [ClassificationTask("kind", classes: ["even", "odd"])])
    }
    func count(in split: Split) -> Int { split == .train ? 10 : 0 }
    func targets(at index: Int, in split: Split) throws -> [Int?] { [index % 2] }
    func sample(at index: Int, in split: Split) throws -> Tensor { Tensor([2], [Float(index), 1]) }
    func name(at index: Int, in split: Split) -> String { "\(index)" }
    func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics {
      asked.withLock { $0 = indices }
      return FeatureStatistics(mean: [0.5, 1], std: [1, 0], source: "\(indices.count) samples")
    }
  }

  private func entry(_ kind: ComponentKind, _ options: [OptionDeclaration]) -> Registry.Entry {
    Registry.Entry(
      kind: kind,
      declaration: .init(
        kind: "sentry.\(kind.rawValue)/1", name: "x", summary: "", schema: OptionDeclaration.schema(options),
        scoresPaths: false),
      plugin: .init(name: "p", version: "1.0.0", summary: "", border: "1.0", components: [], recipes: []),
      file: "/p.so")
  }

  private func filling(_ dataset: Measured, _ change: (inout RunOptions) -> Void = { _ in }) throws -> DerivedOptions {
    var run = RunOptions(output: "unused")
    change(&run)
    return try DerivedOptions(try ImportedDataset(adopting: export(dataset)), run: run)
  }

  @Test func statisticsAreThoseOfWhatTheRunTrainsOn() throws {
    let dataset = Measured()
    let values = try filling(dataset).complete(["a": 1], of: entry(.augmenter, [.statistics, .input, .seed]))
    let train = try DataPartition(of: dataset, options: RunOptions(output: "unused")).train
    #expect(train.count == 8 && dataset.asked.withLock { $0 } == train.indices)
    #expect(values["statistics"] == ["mean": [0.5, 1], "std": [1, 0], "source": "8 samples"])
    #expect(values["input"] == ["dtype": "float32", "shape": [2], "layout": "TF"])
    #expect(values["a"] == 1 && values["seed"] == nil && values["tasks"] == nil)

    _ = try filling(dataset) { $0.limit = 4 }.complete([:], of: entry(.augmenter, [.statistics]))
    #expect(dataset.asked.withLock { $0.count } == 4)
  }

  @Test func nothingIsMeasuredThatNobodyAskedFor() throws {
    let dataset = Measured()
    #expect(try filling(dataset).complete([:], of: entry(.augmenter, [.input]))["statistics"] == nil)
    #expect(dataset.asked.withLock { $0.isEmpty })
    let silent = Measured(providesStatistics: false)
    #expect(try filling(silent).complete([:], of: entry(.augmenter, [.statistics])).isEmpty)
  }

  @Test func aModelLearnsWhatTheAugmenterGives() throws {
    struct Wider: Augmenter {
      let specification = AugmenterSpecification(
        input: .init(.float32, [2]), output: .init(.float32, [30, 15], layout: "TF"))
      func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor { Tensor([30, 15]) }
    }
    var filling = try filling(Measured())
    let model = entry(.model, [.input, .tasks])
    let alone = try filling.complete([:], of: model)
    #expect(alone["input"] == ["dtype": "float32", "shape": [2], "layout": "TF"])
    #expect(alone["tasks"] == [["name": "kind", "classes": ["even", "odd"]]])
    filling.augmenter = try ImportedAugmenter(adopting: export(Wider()))
    #expect(try filling.complete([:], of: model)["input"] == ["dtype": "float32", "shape": [30, 15], "layout": "TF"])
  }

  @Test func anExtentThatOnlyASampleTellsIsReadFromOne() throws {
    let values = try filling(Measured(shape: [-1])).complete([:], of: entry(.model, [.input]))
    #expect(values["input"] == ["dtype": "float32", "shape": [2], "layout": "TF"])
  }
}

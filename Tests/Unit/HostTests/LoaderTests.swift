import CSentryPlugin
import Glibc
import SentryPluginAPI
import Synchronization
import Testing
@testable import SentryRuntime
@testable import SentryTraining

@Suite struct LoaderTests {
  private func options(batch: Int = 4, skipBad: Int = 0) -> RunOptions {
    var options = RunOptions(output: "")
    (options.batchSize, options.skipBad, options.augmentation) = (batch, skipBad, .strong)
    options.balance = true
    return options
  }

  private func reader(_ dataset: PlainDataset, skipBad: Int = 0, augmenter: (any Augmenter)? = SeedShowing())
    -> SampleReader
  {
    SampleReader(dataset: dataset, augmenter: augmenter, input: .init(.float32, [2]), seed: 11, skipBad: skipBad)
  }

  private func pass(_ dataset: PlainDataset, quota: Int? = 15, options: RunOptions? = nil) throws -> LoadingPass {
    let sampler = Sampler(try SampleList(of: .train, in: dataset), quota: quota, seed: 11)
    return .training(sampler, epoch: 1, options: options ?? self.options())
  }

  struct Row: Equatable {
    var values: [Float]
    var target: Int64
  }

  private func rows(
    _ pass: LoadingPass, _ reader: SampleReader, workers: Int, from first: Int = 0,
    skipped: (([SkippedSample]) -> Void)? = nil
  ) throws -> [[Row]] {
    let loader = try Loader(pass, reader: reader, firstBatch: first, workers: workers)
    var batches: [[Row]] = []
    while let batch = try loader.next() {
      let (inputs, targets) = (try batch.inputs.elements(as: Float.self), try batch.targets.elements(as: Int64.self))
      #expect(batch.inputs.shape == [batch.count, 2])
      #expect(batch.targets.shape == [batch.count, 1])
      batches.append((0..<batch.count).map { Row(values: [inputs[2 * $0], inputs[2 * $0 + 1]], target: targets[$0]) })
      skipped?(batch.skipped)
    }
    return batches
  }

  private let labels: [Int?] = (0..<30).map { $0 % 3 == 0 ? 0 : $0 % 2 + 1 }

  @Test func anyNumberOfWorkersGivesTheSameBytes() throws {
    // Some samples take long, so that the threads overtake each other.
    let dataset = PlainDataset(train: labels, onRead: { if $0 % 5 == 0 { usleep(500) } })
    let pass = try pass(dataset)
    let reference = try rows(pass, reader(dataset), workers: 0)
    #expect(reference.count == 11)
    #expect(reference.allSatisfy { $0.count == 4 })
    for workers in [1, 4, 9] { #expect(try rows(pass, reader(dataset), workers: workers) == reference) }
    #expect(try rows(pass, reader(dataset), workers: 4, from: 7) == Array(reference[7...]))
    #expect(try rows(pass, reader(dataset), workers: 4, from: 11).isEmpty)
  }

  /// Passes of a loader that stays, some of them left in the middle, give what loaders of their own give.
  @Test(arguments: [0, 1, 4]) func oneLoaderServesManyPasses(workers: Int) throws {
    let dataset = PlainDataset(
      train: labels, validation: (0..<10).map { $0 % 3 }, onRead: { if $0 % 5 == 0 { usleep(300) } })
    let reader = reader(dataset, augmenter: nil)
    let validation = LoadingPass.validation(try SampleList(of: .validation, in: dataset), epoch: 0, options: options())
    let passes = [try pass(dataset), validation, try pass(dataset, quota: 10)]
    let shared = try Loader(reader: reader, batchSize: 5, taskCount: 1, workers: workers)
    #expect(try shared.next() == nil && shared.upcoming() == nil, "no pass yet")
    for round in 0..<6 {
      let pass = passes[round % 3]
      let first = round == 3 ? 2 : 0
      shared.start(pass, firstBatch: first)
      var batches: [[Row]] = []
      while let batch = try shared.next() {
        let (inputs, targets) = (try batch.inputs.elements(as: Float.self), try batch.targets.elements(as: Int64.self))
        batches.append(
          (0..<batch.count).map { Row(values: [inputs[2 * $0], inputs[2 * $0 + 1]], target: targets[$0]) })
        if round == 2, batches.count == 3 { break }
      }
      let whole = try rows(pass, reader, workers: 0, from: first)
      #expect(batches == (round == 2 ? Array(whole.prefix(3)) : whole), "pass \(round)")
    }
  }

  /// As many samples as ``PlainDataset`` has, every other of them with a distribution.
  private struct Voted: SoftTargetProviding {
    let plain: PlainDataset
    var specification: DatasetSpecification { plain.specification }
    func count(in split: Split) -> Int { plain.count(in: split) }
    func targets(at index: Int, in split: Split) throws -> [Int?] { try plain.targets(at: index, in: split) }
    func sample(at index: Int, in split: Split) throws -> Tensor { try plain.sample(at: index, in: split) }
    func name(at index: Int, in split: Split) -> String { plain.name(at: index, in: split) }
    func softTargets(at index: Int, in split: Split) throws -> [[Float]?] {
      [index < 4 || index % 2 == 0 ? nil : classes.indices.map { $0 == index % classes.count ? 1 : 0 }]
    }
    var classes: [String] { specification.tasks[0].classes }
  }

  @Test func distributionsComeWithTheirSamples() throws {
    let dataset = Voted(plain: PlainDataset(train: [0], validation: (0..<8).map { $0 % 3 }))
    let reader = SampleReader(dataset: dataset, augmenter: nil, input: .init(.float32, [2]), seed: 11, skipBad: 0)
    let pass = LoadingPass.validation(try SampleList(of: .validation, in: dataset), epoch: 0, options: options())
    let loader = try Loader(pass, reader: reader, workers: 2)
    let first = try #require(try loader.next())
    #expect(first.softTargets == nil, "none of the batch has one")
    let second = try #require(try loader.next())
    let soft = try #require(second.softTargets)
    let width = dataset.classes.count
    #expect(soft.shape == [4, width])
    let values = try soft.array(of: Float.self)
    for (row, index) in (4..<8).enumerated() {
      let own = values[row * width..<(row + 1) * width]
      #expect(index % 2 == 0 ? own.allSatisfy(\.isNaN) : own.firstIndex(of: 1) == row * width + index % width)
    }
    #expect(try Loader(pass, reader: self.reader(dataset.plain, augmenter: nil), workers: 0).next()?.softTargets == nil)
  }

  @Test func theNextBatchIsShownWhereItIsThere() throws {
    let dataset = PlainDataset(train: labels)
    let pass = try pass(dataset)
    let loader = try Loader(pass, reader: reader(dataset), workers: 2)
    var last: Int?
    for index in 0..<pass.batchCount {
      while let shown = loader.upcoming(), shown.index != index { Issue.record("\(shown.index) is shown for \(index)") }
      if index > 0 { while loader.upcoming() == nil { usleep(100) } }
      let early = loader.upcoming()
      let batch = try #require(try loader.next())
      if let early { #expect(early.inputs.data == batch.inputs.data && early.inputs.shape == batch.inputs.shape) }
      #expect(batch.index == index && last.map { $0 == index - 1 } ?? true)
      last = index
    }
    #expect(loader.upcoming() == nil)
    let idle = try Loader(pass, reader: reader(dataset), workers: 0)
    #expect(idle.upcoming() == nil, "nobody reads ahead")
  }

  /// Compute threads come first; who reads on its own thread stays as it is.
  @Test func threadsStandBack() throws {
    let seen = Niceness()
    let dataset = PlainDataset(train: labels, onRead: { _ in seen.note() })
    _ = try rows(try pass(dataset), reader(dataset), workers: 2)
    let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    #expect(seen.values.withLock { $0 } == [min(19, max(own, Loader.niceness))])
    _ = try rows(try pass(dataset), reader(dataset), workers: 0)
    #expect(seen.values.withLock { $0 }.contains(own))
  }
  private final class Niceness: Sendable {
    let values = Mutex<Set<Int32>>([])
    func note() {
      let niceness = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
      values.withLock { _ = $0.insert(niceness) }
    }
  }

  @Test func rowsHoldWhatTheirDrawsSay() throws {
    let dataset = PlainDataset(train: labels)
    let pass = try pass(dataset)
    let all = try rows(pass, reader(dataset), workers: 2).joined()
    var noise: [Float] = []
    for (row, draw) in zip(all, pass.draws) {
      let strength: Float = draw.ordinal == 0 ? 100 : 200
      #expect(row.values[0].rounded(.down) == Float(draw.position) + strength)
      #expect(row.target == labels[draw.position].map(Int64.init))
      noise.append(row.values[0] - row.values[0].rounded(.down))
    }
    // Repeats of one sample differ from each other.
    #expect(Set(noise).count > 35)
  }

  @Test func validationIsWholeInOrderAndPlain() throws {
    let dataset = PlainDataset(train: [0], validation: (0..<10).map { $0 % 3 })
    let pass = LoadingPass.validation(try SampleList(of: .validation, in: dataset), epoch: 0, options: options())
    let batches = try rows(pass, reader(dataset, augmenter: nil), workers: 3)
    #expect(batches.map(\.count) == [4, 4, 2])
    #expect(batches.joined().map { $0.values[1] } == (0..<10).map(Float.init))
  }

  @Test func theThreadsHaveNamesAndEnd() throws {
    let names = Mutex<Set<String>>([])
    let look: @Sendable (Int) -> Void = { _ in
      let name = (try? SystemFile.text("/proc/thread-self/comm")) ?? nil
      _ = names.withLock { $0.insert(name ?? "?") }
      usleep(2000)
    }
    let dataset = PlainDataset(train: labels, onRead: look)
    _ = try rows(try pass(dataset), reader(dataset), workers: 4)
    #expect(names.withLock { $0 } == Set((0..<4).map { "sentry-load-\($0)\n" }))
    // A loader that goes before its end stops its threads: deinit would hang otherwise, and memory is bounded.
    let endless = PlainDataset(train: labels)
    do {
      let loader = try Loader(try pass(endless, quota: 10_000), reader: reader(endless), workers: 4)
      _ = try loader.next()
    }
    #expect(endless.reads.withLock { $0 } <= 4 * (Loader.depth + 1) + 4)
  }

  @Test(arguments: [0, 1, 4]) func theFirstErrorInOrderIsThrown(workers: Int) throws {
    let dataset = PlainDataset(train: labels, unreadable: [5, 6, 7, 28, 29], onRead: { if $0 == 5 { usleep(3000) } })
    let sampler = Sampler(try SampleList(of: .train, in: dataset), seed: 11)
    let pass = LoadingPass.training(sampler, epoch: 0, options: options())
    let first = try #require(pass.draws.firstIndex { dataset.unreadable.contains($0.position) })
    let loader = try Loader(pass, reader: reader(dataset), workers: workers)
    for _ in 0..<first / 4 { _ = try loader.next() }
    do {
      _ = try loader.next()
      Issue.record("no error")
    } catch let error as PluginError {
      #expect(error.code == SENTRY_BAD_DATA)
      #expect(error.message == "train-\(pass.draws[first].position).png: the picture is cut short")
      #expect(error.hint?.contains("--skip-bad N") == true)
    }
  }

  @Test(arguments: [0, 1, 4]) func badSamplesAreReplacedByTheNextOfTheirClass(workers: Int) throws {
    // 3 and 6 are of class 0: 9 stands in for both; 28 of class 1 is the last: 2 stands in.
    let dataset = PlainDataset(train: labels, unreadable: [3, 6, 28])
    let sampler = Sampler(try SampleList(of: .train, in: dataset), seed: 11)
    let pass = LoadingPass.training(sampler, epoch: 0, options: options(batch: 5, skipBad: 3))
    var skipped = Set<SkippedSample>()
    let read = try rows(pass, reader(dataset, skipBad: 3, augmenter: nil), workers: workers) { skipped.formUnion($0) }
    for (row, draw) in zip(read.joined(), pass.draws) {
      let expected = [3: 9, 6: 9, 28: 2][draw.position] ?? draw.position
      #expect(row == Row(values: [Float(expected), Float(expected)], target: Int64(try #require(labels[expected]))))
    }
    #expect(Set(skipped.map(\.index)) == [3, 6, 28])
    #expect(skipped.first { $0.index == 3 }?.name == "train-3.png")
  }

  @Test func aClassWithoutReadableSamplesIsAnError() throws {
    let dataset = PlainDataset(train: [0, 0, 0, 1, 1], unreadable: [3, 4])
    let pass = LoadingPass.training(
      Sampler(try SampleList(of: .train, in: dataset), seed: 1), epoch: 0, options: options(batch: 5, skipBad: 9))
    #expect(throws: PluginError.self) { try rows(pass, reader(dataset, skipBad: 9), workers: 2) }
  }

  @Test func badValidationSamplesAreMissingFromTheirBatch() throws {
    let dataset = PlainDataset(train: [0], validation: (0..<9).map { $0 % 3 }, unreadable: [0, 4, 5, 6, 7])
    let pass = LoadingPass.validation(try SampleList(of: .validation, in: dataset), epoch: 0, options: options())
    let batches = try rows(pass, reader(dataset, skipBad: 5, augmenter: nil), workers: 2)
    #expect(batches.map { $0.map { $0.values[0] } } == [[1, 2, 3], [], [8]])
    #expect(batches[0].map(\.target) == [1, 2, 0])
  }

  @Test func aMisfitNamesBothSides() throws {
    let dataset = PlainDataset(train: labels, shape: { $0 == 7 ? [3] : [2] })
    let pass = try pass(dataset)
    do {
      _ = try rows(pass, reader(dataset, augmenter: nil), workers: 2)
      Issue.record("no error")
    } catch let error as PluginError {
      #expect(
        error.message
          == "train-7.png, sample 7 of train: the dataset gives float32 [3], but the model takes float32 [2]")
    }
  }

  @Test func varyingExtentsAreSettledByTheFirstReadableSample() throws {
    let dataset = PlainDataset(train: [0, 1, 2], unreadable: [0], shape: { _ in [7] })
    let list = try SampleList(of: .train, in: dataset)
    let input = TensorSpecification(.float32, [-1])
    #expect(
      try SampleReader.settled(input, dataset: dataset, augmenter: nil, list: list, skipBad: 1).shape == [7])
    #expect(throws: PluginError.self) {
      try SampleReader.settled(input, dataset: dataset, augmenter: nil, list: list, skipBad: 0)
    }
    #expect(throws: PluginError.self) {
      let other = TensorSpecification(.uint8, [-1])
      return try SampleReader.settled(other, dataset: dataset, augmenter: nil, list: list, skipBad: 1)
    }
  }

  @Test func aBatchBeyondAllMemoryIsRefused() throws {
    #expect(throws: PluginError.self) {
      try BatchSlot(input: .init(.float32, [1 << 31, 1 << 31]), batchSize: 1 << 20, taskCount: 1)
    }
  }
}

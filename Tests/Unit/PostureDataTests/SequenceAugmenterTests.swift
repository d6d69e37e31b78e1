import CSentryPlugin
import Foundation
import SentryBase
import SentryFormats
import SentryPluginAPI
import Testing

@testable import AugmentSequence

@Suite struct SequenceAugmenterTests {
  private static let shape = [12, 4]

  private func make(
    _ statistics: FeatureStatistics? = FeatureStatistics(mean: [1, 2, 3, 4], std: [2, 1, 0.5, 0]), noise: Double = 0.02,
    landmarkSize: Int = 0, shape: [Int] = shape
  ) throws -> SequenceAugmenter {
    let options: [String: JSONValue] = [
      "input": ["dtype": "float32", "shape": .array(shape.map(JSONValue.integer)), "layout": "TF"],
      "landmark-size": .integer(landmarkSize), "noise": .number(noise),
    ]
    var decoded = try JSON.decode(SequenceOptions.self, from: try JSON.text(options), what: "options")
    decoded.statistics = statistics
    return try SequenceAugmenter(decoded, host: nil)
  }

  private let input = Tensor(shape, (0..<48).map { Float($0 % 4) + Float($0 / 4) })

  @Test func evaluationNormalisesAndNothingElse() throws {
    let augmenter = try make()
    let output = try augmenter.apply(input, strength: .none, seed: 1).array(of: Float.self)
    // Frame 2 is 2, 3, 4, 5; a feature that never changes is only centred.
    #expect(Array(output[8..<12]) == [0.5, 1, 2, 1])
    #expect(try augmenter.apply(input, strength: .none, seed: 2).array(of: Float.self) == output)
    #expect(augmenter.specification.output == TensorSpecification(.float32, Self.shape, layout: "TF"))
    #expect(augmenter.specification.normalisation == ["mean": [1.0, 2.0, 3.0, 4.0], "std": [2.0, 1.0, 0.5, 1.0]])
  }

  @Test func recordingsAreReadInWindows() throws {
    let (augmenter, none) = (try make(), Options(json: "{}"))
    let folder = NSTemporaryDirectory() + "sentry-recordings-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ shape: [Int], _ values: [Float]? = nil) throws -> String {
      let path = "\(folder)/\(shape).npy"
      try NPYFile.write(StoredTensor(values ?? (0..<shape.reduce(1, *)).map(Float.init), shape: shape), to: path)
      return path
    }
    let long = try write([35, 4])
    #expect(try augmenter.sampleCount(of: long) == 2, "12 frames each; what is left fills no window")
    let second = try augmenter.readSample(1, of: long, options: none)
    #expect(try second.shape == Self.shape && second.array(of: Float.self) == (48..<96).map(Float.init))
    let short = try write([2, 4])
    let filled = try augmenter.readSample(0, of: short, options: none).array(of: Float.self)
    #expect(filled == [0, 1, 2, 3] + (1..<12).flatMap { _ in [4, 5, 6, 7] as [Float] })
    for path in [try write([5, 3]), try write([4]), "\(folder)/gone.npy"] {
      let error = #expect(throws: PluginError.self) { try augmenter.sampleCount(of: path) }
      #expect(error?.code == SENTRY_BAD_DATA && error?.message.hasPrefix(path) == true)
    }
    let nan = try write([12, 4], [Float](repeating: .nan, count: 48))
    #expect(throws: PluginError.self) { try augmenter.readSample(0, of: nan, options: none) }
  }

  @Test func seedsDecide() throws {
    let augmenter = try make()
    func run(_ seed: UInt64, _ strength: AugmentStrength = .standard) throws -> [Float] {
      try augmenter.apply(input, strength: strength, seed: seed).array(of: Float.self)
    }
    #expect(try run(5) == run(5))
    let plain = try augmenter.apply(input, strength: .none, seed: 0).array(of: Float.self)
    let changed = try (0..<400).count { try run($0) != plain }
    // 1 − 0.8 · 0.7 · 0.7 · 0.5 and little more or less: a fifth of the shifts is by 0, and few landmarks are dropped.
    #expect((270...360).contains(changed), "\(changed)")
    let strong = try (0..<400).count { try run($0, .strong) != plain }
    #expect(strong > changed)
    // Half the probabilities: 1 − 0.9 · 0.85 · 0.85 · 0.75.
    let mild = try (0..<400).count { try run($0, .mild) != plain }
    #expect((150..<changed).contains(mild), "\(mild)")
    #expect(try run(5, .mild) == run(5, .mild))
  }

  @Test func speedKeepsTheMiddleAndMovesTheEnds() {
    let augmentation = SequenceAugmentation(landmarkSize: 1, noise: 0)
    var sequence = FeatureSequence(values: (0..<11).map(Float.init), frames: 11, features: 1)
    augmentation.changeSpeed(of: &sequence, by: 0.8)
    #expect(sequence.values[5] == 5 && abs(sequence.values[0] - 1) < 1e-5 && abs(sequence.values[10] - 9) < 1e-5)
    sequence = FeatureSequence(values: (0..<11).map(Float.init), frames: 11, features: 1)
    augmentation.changeSpeed(of: &sequence, by: 1.2)
    #expect(sequence.values[0] == 0 && sequence.values[10] == 10 && abs(sequence.values[6] - 6.2) < 1e-5)
  }

  @Test func shiftsRepeatTheEdge() {
    let augmentation = SequenceAugmentation(landmarkSize: 1, noise: 0)
    var sequence = FeatureSequence(values: [1, 10, 2, 20, 3, 30], frames: 3, features: 2)
    augmentation.shift(&sequence, by: 1)
    #expect(sequence.values == [2, 20, 3, 30, 3, 30])
    augmentation.shift(&sequence, by: -2)
    #expect(sequence.values == [2, 20, 2, 20, 2, 20])
  }

  /// Shares over many seeds are those that the description gives.
  @Test func eachChangeComesAsOftenAsItShould() throws {
    let flat = Tensor([12, 4], [Float](repeating: 1, count: 48))
    // Standing still, a sequence shows scale, noise and drop-out alone.
    let augmenter = try make(FeatureStatistics(mean: [0, 0, 0, 0], std: [1, 1, 1, 1]))
    var (noisy, scaled, dropped) = (0, 0, 0)
    for seed in 0..<2000 {
      let values = try augmenter.apply(flat, strength: .standard, seed: UInt64(seed)).array(of: Float.self)
      // A landmark that is dropped is 0 in every frame.
      let gone = (0..<4).filter { feature in (0..<12).allSatisfy { values[$0 * 4 + feature] == 0 } }
      if !gone.isEmpty { dropped += 1 }
      let rest = (0..<48).filter { !gone.contains($0 % 4) }.map { values[$0] }
      guard let first = rest.first else { continue }
      if rest.contains(where: { $0 != first }) { noisy += 1 } else if first != 1 { scaled += 1 }
      #expect(rest.allSatisfy { (0.8...1.2).contains($0) })
    }
    #expect((900...1100).contains(noisy), "\(noisy)")
    // Half of 0.3: where there is no noise.
    #expect((240...360).contains(scaled), "\(scaled)")
    // 0.1 · (1 − 0.95⁴)
    #expect((15...65).contains(dropped), "\(dropped)")
  }

  @Test func landmarksAreDroppedWhole() throws {
    let shape = [3, 99]
    let augmenter = try make(nil, noise: 0, shape: shape)
    let ones = Tensor(shape, [Float](repeating: 1, count: 297))
    var found = 0
    for seed in 0..<300 {
      let values = try augmenter.apply(ones, strength: .standard, seed: UInt64(seed)).array(of: Float.self)
      for landmark in 0..<33 {
        let zeros = (0..<9).count { values[($0 / 3) * 99 + landmark * 3 + $0 % 3] == 0 }
        #expect(zeros == 0 || zeros == 9)
        found += zeros == 9 ? 1 : 0
      }
    }
    #expect(found > 0)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(failure { _ = try make(shape: [-1, 4]) }?.message.contains("of one length") == true)
    #expect(failure { _ = try make(shape: [4]) } != nil)
    #expect(
      failure { _ = try make(landmarkSize: 3) }?.message.contains("not a multiple of the landmark size 3") == true)
    let narrow = FeatureStatistics(mean: [1], std: [1])
    #expect(failure { _ = try make(narrow) }?.message == "mean and deviation of 1 features for sequences of 4")
    let augmenter = try make()
    #expect(failure { _ = try augmenter.apply(Tensor([3, 4]), strength: .none, seed: 0) } != nil)
  }

  @Test func gaussiansHaveMeanZeroAndDeviationOne() {
    var random = SplitMix64(seed: 9)
    let values = (0..<20_000).map { _ in random.gaussian() }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.05)
  }
}

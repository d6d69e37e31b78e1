import Glibc
import SentryBase
import SentryPluginAPI
import SentryPosture
import Testing

@testable import DatasetSyntheticPosture

@Suite struct SyntheticPostureTests {
  static func people(_ count: Int, _ validation: Int, length: Int = 30, seed: Int = 1) -> SyntheticPosture {
    SyntheticPosture(.init(count: count, validationCount: validation, sequenceLength: length, seed: seed))
  }

  private func values(_ data: SyntheticPosture, _ index: Int, _ split: Split = .train) throws -> [Float] {
    try data.sample(at: index, in: split).array(of: Float.self)
  }

  @Test func samplesDependOnSeedSplitAndIndexAlone() throws {
    let data = Self.people(24, 12)
    #expect(try values(data, 3) == values(Self.people(600, 0), 3))
    #expect(try values(data, 3) == values(data, 3))
    #expect(try values(data, 3) != values(data, 15))
    #expect(try values(data, 3) != values(data, 3, .validation))
    #expect(try values(data, 3) != values(Self.people(24, 12, seed: 2), 3))
    #expect(try Self.people(12, 0, length: 60).sample(at: 5, in: .train).shape == [60, 15])
    #expect(Split.allCases.map(data.count) == [24, 12, 0])
    #expect(failure { _ = try data.sample(at: 12, in: .validation) } != nil)
    #expect(data.group(at: 3, in: .train) != data.group(at: 3, in: .validation))
  }

  @Test func noSeedOfValidationIsOneOfTraining() {
    let data = Self.people(100_000, 100_000)
    var seeds: Set<UInt64> = []
    for split in [Split.train, .validation] {
      for index in 0..<100_000 { seeds.insert(data.seed(of: index, in: split)) }
    }
    #expect(seeds.count == 200_000)
  }

  @Test func everyClassOfEveryTaskOccursAboutAsOften() throws {
    let data = Self.people(1200, 0)
    for (task, specification) in PostureTasks.all.enumerated() {
      var counts = [Int](repeating: 0, count: specification.classes.count)
      for index in 0..<1200 {
        let label = try data.targets(at: index, in: .train)[task]
        counts[try #require(label)] += 1
      }
      let share = 1200 / counts.count
      #expect(counts.allSatisfy { abs($0 - share) < share / 4 }, "\(specification.name): \(counts)")
    }
  }

  @Test func theLabelsAreWhatTheBodyDoes() throws {
    for index in 0..<48 {
      let course = Course(index: index, seed: UInt64(index) &* 0x9E37_79B9)
      let (last, other) = (Pose.ranks[course.posture], Pose.ranks[course.other])
      if course.trajectory == 2 { #expect(last > other) }
      if course.trajectory == 1 { #expect(last < other) }
      var random = course.random
      let progress = Course.progress(frames: 30, trajectory: course.trajectory, using: &random)
      #expect(progress[29] > 0.99, "every course ends in the posture of its label")
      #expect(abs(progress[0] - (course.trajectory == 0 ? 1 : 0)) < 0.01)
      #expect(progress.allSatisfy { (-0.001...1.001).contains($0) })
    }
  }

  /// What a linear classifier can tell from the mean of every feature over a sequence must stay far from what the motion
  /// shows: under 60 % on every task (issue 4).
  @Test func meansOverASequenceDoNotTellTheClasses() throws {
    let (train, validation) = (3000, 1000)
    let data = Self.people(train, validation)
    let (inputs, tests) = (try means(data, train, .train), try means(data, validation, .validation))
    for (task, specification) in PostureTasks.all.enumerated() {
      func labels(_ count: Int, _ split: Split) throws -> [Int] {
        try (0..<count).map { try data.targets(at: $0, in: split)[task] ?? 0 }
      }
      let model = MeanClassifier(
        inputs, try labels(train, .train), classes: specification.classes.count)
      let accuracy = model.accuracy(tests, try labels(validation, .validation))
      #expect(accuracy < 0.6, "\(specification.name): \(accuracy)")
      // It does learn: what is left after the means agree is some.
      #expect(accuracy > 1.1 / Double(specification.classes.count), "\(specification.name): \(accuracy)")
    }
  }

  /// The mean of every feature over each sequence, with mean 0 and deviation 1 over the training sequences.
  private func means(_ data: SyntheticPosture, _ count: Int, _ split: Split) throws -> [[Double]] {
    let width = PostureFeatures.count
    return try (0..<count).map { index in
      var mean = [Double](repeating: 0, count: width)
      let values = try values(data, index, split)
      for (position, value) in values.enumerated() {
        mean[position % width] += Double(value) * Double(width) / Double(values.count)
      }
      return mean
    }
  }
}

/// Multinomial logistic regression by full gradient steps with momentum, on standardised inputs.
struct MeanClassifier {
  private var weights: [[Double]]
  private let mean, scale: [Double]

  init(_ inputs: [[Double]], _ labels: [Int], classes: Int, steps: Int = 300) {
    let (count, width) = (Double(inputs.count), inputs[0].count)
    let mean = (0..<width).map { feature in inputs.reduce(0) { $0 + $1[feature] } / count }
    let scale = (0..<width).map { feature -> Double in
      let variance = inputs.reduce(0) { $0 + ($1[feature] - mean[feature]) * ($1[feature] - mean[feature]) } / count
      return variance > 1e-18 ? 1 / variance.squareRoot() : 0
    }
    (self.mean, self.scale) = (mean, scale)
    weights = [[Double]](repeating: [Double](repeating: 0, count: width + 1), count: classes)
    let rows = inputs.map { Self.row($0, mean, scale) }
    var velocity = weights
    for _ in 0..<steps {
      var slope = [[Double]](repeating: [Double](repeating: 0, count: width + 1), count: classes)
      for (row, label) in zip(rows, labels) {
        let scores = Self.scores(weights, row)
        let top = scores.max() ?? 0
        let powers = scores.map { exp($0 - top) }
        let sum = powers.reduce(0, +)
        for index in 0..<classes {
          let error = (powers[index] / sum - (index == label ? 1 : 0)) / count
          for feature in 0...width { slope[index][feature] += error * row[feature] }
        }
      }
      for index in 0..<classes {
        for feature in 0...width {
          velocity[index][feature] = 0.9 * velocity[index][feature] - 0.3 * slope[index][feature]
          weights[index][feature] += velocity[index][feature]
        }
      }
    }
  }

  func accuracy(_ inputs: [[Double]], _ labels: [Int]) -> Double {
    let hits = zip(inputs, labels).count { input, label in
      let scores = Self.scores(weights, Self.row(input, mean, scale))
      return scores.indices.max { scores[$0] < scores[$1] } == label
    }
    return Double(hits) / Double(labels.count)
  }

  private static func row(_ input: [Double], _ mean: [Double], _ scale: [Double]) -> [Double] {
    input.indices.map { (input[$0] - mean[$0]) * scale[$0] } + [1]
  }

  private static func scores(_ weights: [[Double]], _ row: [Double]) -> [Double] {
    weights.map { zip($0, row).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}

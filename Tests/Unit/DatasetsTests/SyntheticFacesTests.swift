import SentryPluginAPI
import SentryTables
import Testing

@testable import DatasetSyntheticFaces

@Suite struct SyntheticFacesTests {
  static func faces(_ count: Int, _ validation: Int, size: Int = 48, seed: Int = 1) throws -> SyntheticFaces {
    try SyntheticFaces(.init(count: count, validationCount: validation, size: size, seed: seed))
  }

  @Test func classesAreBalancedAndInTheVocabularysOrder() throws {
    let data = try Self.faces(12, 6)
    #expect(data.specification.tasks[0].classes == ClassVocabulary.emotion.classes)
    #expect(try data.tally(.train).values.allSatisfy { $0 == 2 })
    #expect(try data.classNames(.validation) == ClassVocabulary.emotion.classes)
    #expect(Split.allCases.map(data.count) == [12, 6, 0])
    #expect(failure { _ = try data.sample(at: 6, in: .validation) } != nil)
    #expect(failure { _ = try data.targets(at: -1, in: .train) } != nil)
  }

  @Test func facesDependOnSeedSplitAndIndexAlone() throws {
    let data = try Self.faces(12, 12)
    #expect(try data.pixels(at: 3) == Self.faces(600, 0).pixels(at: 3))
    #expect(try data.pixels(at: 3) != data.pixels(at: 9))
    #expect(try data.pixels(at: 3) != data.pixels(at: 3, in: .validation))
    #expect(try data.pixels(at: 3) != Self.faces(12, 12, seed: 2).pixels(at: 3))
    #expect(try data.sample(at: 0, in: .train).shape == [48, 48, 1])
    #expect(try Self.faces(6, 0, size: 33).sample(at: 5, in: .train).shape == [33, 33, 1])
  }

  @Test func noSeedOfValidationIsOneOfTraining() throws {
    let data = try Self.faces(100_000, 100_000)
    var seeds: Set<UInt64> = []
    for split in [Split.train, .validation] {
      for index in 0..<100_000 { seeds.insert(data.seed(of: index, in: split)) }
    }
    #expect(seeds.count == 200_000)
  }

  /// The same bytes on every machine, for good: who changes the drawing changes the dataset's version.
  @Test func theBytesArePinned() throws {
    let data = try Self.faces(6, 6, size: 64)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for split in [Split.train, .validation] {
      for index in 0..<6 {
        for byte in try data.pixels(at: index, in: split) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      }
    }
    #expect(hash == 7_475_542_526_676_890_368)
  }

  /// What a linear classifier of raw pixels can tell must stay far from what the faces show: under 60 % (issue 2). The same
  /// classifier tells the classes of faces that differ in nothing but expression, so the reason is not the classifier.
  @Test func rawPixelsDoNotTellTheClasses() throws {
    let (train, validation) = (3600, 600)
    let hard = try Self.faces(train, validation)
    #expect(try accuracy(train, validation) { try hard.pixels(at: $0, in: $1) } < 0.6)
    let model = Face(.neutral, seed: 1)
    let easy = try accuracy(600, validation) { index, split in
      var face = Face(Emotion.allCases[index % 6], seed: hard.seed(of: index, in: split))
      (face.pose, face.look, face.light, face.textureSeed) = (model.pose, model.look, model.light, model.textureSeed)
      return face.drawn(size: 48)
    }
    #expect(easy > 0.95)
  }

  private func accuracy(
    _ train: Int, _ validation: Int, _ pixels: (Int, Split) throws -> [UInt8]
  ) throws -> Double {
    func inputs(_ count: Int, _ split: Split) throws -> [Float] {
      try (0..<count).flatMap { try pixels($0, split).map { (Float($0) - 128) / 64 } }
    }
    let model = LogisticRegression(
      inputs: try inputs(train, .train), labels: (0..<train).map { $0 % 6 }, classes: 6, epochs: 12)
    return model.accuracy(inputs: try inputs(validation, .validation), labels: (0..<validation).map { $0 % 6 })
  }
}

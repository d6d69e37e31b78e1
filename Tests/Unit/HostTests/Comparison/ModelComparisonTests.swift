import SentryPluginAPI
import Testing

@testable import SentryInference
@testable import SentryRuntime

@Suite struct ModelComparisonTests {
  private static func evaluation(
    truth: [Int?], _ predicted: [Int], split: String = "test", options: String = "{}",
    classes: [String] = ["a", "b", "c"]
  ) -> StoredEvaluation {
    StoredEvaluation(
      origin: .init(
        checkpointSHA256: "0", split: split, samples: "1",
        components: ["dataset": .init(name: "d", sha256: "2", options: options)]), checkpoint: "run/best_model.pth",
      checkpointBytes: 1, names: truth.indices.map { "image \($0)" }, readFrom: split, indices: Array(truth.indices),
      tasks: [.init(name: "t", classes: classes, truth: truth, predicted: predicted)], untrainedTasks: [], skipped: [],
      notes: [], dataset: .init(name: "d", plugin: "p", version: "1", sha256: "2", options: [:]),
      size: ModelSize(parameters: 1, weightBytes: 4), secondsPerSample: nil, batchSize: 1, threads: 1, place: .init())
  }

  @Test func answersAreHeldAgainstEachOther() throws {
    let truth: [Int?] = [0, 0, 1, nil, 1, 2, 2]
    let first = [[0, 0, 1, 0, 0, 1, 1], [0, 1, 1, 0, 0, 1, 1]]
    let other = [[0, 1, 1, 1, 1, 2, 1], [0, 0, 1, 1, 1, 2, 1]]
    let evaluations = [first, other].map { $0.map { Self.evaluation(truth: truth, $0) } }
    let task = try #require(TaskComparison("t", evaluations, draws: 200, seed: 1))
    #expect(task.samples == [6, 6] && task.isCrossed)
    #expect(task.scores[0].accuracies == [3.0 / 6, 2.0 / 6] && task.scores[1].accuracies == [4.0 / 6, 5.0 / 6])
    let pair = try #require(task.pairs.first)
    #expect(pair.mcNemar.map(\.onlyFirst) == [1, 0] && pair.mcNemar.map(\.onlyOther) == [2, 3])
    #expect(abs(pair.bootstrap.difference - 2.0 / 6) < 1e-12)
    #expect(pair.classes.map(\.samples) == [4, 4, 4])
    #expect(pair.classes.map(\.wins) == [1, 2, 2] && pair.classes.map(\.losses) == [1, 0, 0])
    // On the samples 4 and 5 the other is right in both seeds; on 1 it lost and won.
    #expect(pair.disagreements.map(\.position) == [4, 5, 1])
    #expect(pair.disagreements.map(\.balance) == [2, 2, 0])
    #expect(pair.disagreements[2].first == [0, 1] && pair.disagreements[2].other == [1, 0])
    #expect(DisagreementSheet.mostFrequent([2, 1, 1]) == (1, 2) && DisagreementSheet.mostFrequent([2, 1]) == (2, 1))
  }

  /// Where each seed has data of its own, a sample stands for its seed alone.
  @Test func seedsWithSamplesOfTheirOwn() throws {
    let truth: [Int?] = [0, 1, 2]
    let evaluations = [[[0, 0, 2], [0, 1, 2]], [[0, 1, 2], [1, 1, 2]]].map { model in
      zip(model, ["{\"seed\":1}", "{\"seed\":2}"]).map { Self.evaluation(truth: truth, $0, options: $1) }
    }
    let task = try #require(TaskComparison("t", evaluations, draws: 100, seed: 1))
    #expect(!task.isCrossed)
    // Of a round, class a comes before class b.
    #expect(task.pairs[0].disagreements.map(\.seed) == [1, 0])
    #expect(task.pairs[0].disagreements.map(\.position) == [0, 1])
  }

  /// The first samples are of all classes, though one class has most of them and comes first.
  @Test func disagreementsTakeTurnsOverTheClasses() throws {
    let truth: [Int?] = [0, 0, 0, 0, 0, 1, 1, 2, 2, 2]
    // Seed by seed; both seeds disagree on the samples 3, 6 and 9, else the first alone.
    let first = [[Int](repeating: 0, count: 10), [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]]
    let other = [[1, 1, 1, 1, 1, 1, 1, 2, 2, 2], [1, 1, 1, 1, 1, 0, 1, 0, 0, 2]]
    let evaluations = [first, other].map { $0.map { Self.evaluation(truth: truth, $0) } }
    let pair = try #require(TaskComparison("t", evaluations, draws: 50, seed: 1)?.pairs.first)
    #expect(pair.disagreements.map(\.position) == [3, 6, 9, 0, 5, 7, 1, 8, 2, 4])
    #expect(pair.disagreements.prefix(3).map(\.balance) == [-2, 2, 2])
  }

  @Test func theVerdictNeedsADifference() throws {
    let truth = [Int?](repeating: 0, count: 200)
    func wrong(_ count: Int) -> [Int] { truth.indices.map { $0 < count ? 1 : 0 } }
    func verdicts(_ wrongs: [Int]) throws -> [PairComparison] {
      try #require(
        TaskComparison("t", wrongs.map { [Self.evaluation(truth: truth, wrong($0))] }, draws: 4000, seed: 1)
      ).pairs
    }
    #expect(try verdicts([80, 80]).map(\.verdict) == [.notShown])
    #expect(try verdicts([80, 78]).map(\.verdict) == [.notShown])
    #expect(try verdicts([80, 40]).map(\.verdict) == [.better])
    #expect(try verdicts([40, 80, 40]).map(\.verdict) == [.worse, .notShown])
    // Five of 200 are shown alone, p = 0.01, but not among six models.
    let alone = try verdicts([80, 75])
    let many = try verdicts([80, 75, 80, 80, 80, 80, 80])
    #expect(alone[0].verdict == .better && alone[0].adjustedP == alone[0].bootstrap.pValue)
    #expect(many[0].verdict == .notShown && many[0].adjustedP > many[0].bootstrap.pValue)
    #expect(many[0].adjustedMcNemar[0] > many[0].mcNemar[0].pValue)
  }

  /// Of 300 samples 150 are of class a, 90 of b and 60 of c. A model that answers one class, or is below the majority, wins nothing.
  @Test func whatLearnedNothingIsNotPraised() throws {
    let truth: [Int?] = (0..<300).map { $0 < 150 ? 0 : $0 < 240 ? 1 : 2 }
    func constant(_ answer: Int) -> [Int] { truth.map { _ in answer } }
    /// Wrong for every nth sample.
    func wrong(everyOf n: Int) -> [Int] {
      truth.enumerated().map { ($1 ?? 0) + ($0 % n == 0 ? 1 : 0) }.map { $0 % 3 }
    }
    func task(_ models: [Int]...) throws -> TaskComparison {
      try #require(
        TaskComparison("t", models.map { [Self.evaluation(truth: truth, $0)] }, draws: 1000, seed: 1))
    }
    let good = wrong(everyOf: 4)
    let better = wrong(everyOf: 50)
    // Right for no sample of a, and for two of three of the others: 33 %.
    let poor = truth.enumerated().map { $1 == 0 ? 1 : ($1 ?? 0) + ($0 % 3 == 0 ? 1 : 0) }.map { $0 % 3 }
    let sound = try task(good, better)
    #expect(sound.pairs[0].verdict == .better && sound.scores.allSatisfy(\.hasLearned))
    // A constant: worse than what learned, not better than anything, and as good as nothing.
    #expect(try task(good, constant(0)).pairs[0].verdict == .worse)
    #expect(try task(constant(0), good).pairs[0].verdict == .better)
    #expect(try task(constant(2), constant(0)).pairs[0].verdict == .withheld)
    #expect(try task(constant(0), constant(0)).pairs[0].verdict == .withheld)
    #expect(try task(constant(2), poor).pairs[0].verdict == .withheld)
    let below = try task(poor, constant(2)).scores
    #expect(below[0].baseline?.isBelowMajority == true && below[0].baselines.map { $0?.isConstant } == [false])
    #expect(below[1].baseline?.isBelowMajority == true && below[1].baselines.map { $0?.isConstant } == [true])
    // One seed that came to nothing is enough.
    let seeds = [[good, good], [better, constant(0)]].map { $0.map { Self.evaluation(truth: truth, $0) } }
    let mixed = try #require(TaskComparison("t", seeds, draws: 1000, seed: 1))
    #expect(mixed.scores.map(\.hasLearned) == [true, false])
    #expect(mixed.scores[1].baselines.map { $0?.isConstant } == [false, true])
  }

  @Test func whatIsOtherwiseIsNamed() {
    let own = Self.evaluation(truth: [0, 1], [0, 1])
    #expect(own.difference(fromSamplesOf: own) == nil)
    let others = [
      ("splits", Self.evaluation(truth: [0, 1], [0, 1], split: "validation")),
      ("options of the dataset", Self.evaluation(truth: [0, 1], [0, 1], options: "{\"fold\":2}")),
      ("numbers of samples", Self.evaluation(truth: [0, 1, 1], [0, 1, 1])),
      ("labels", Self.evaluation(truth: [1, 1], [0, 1])),
      ("classes", Self.evaluation(truth: [0, 1], [0, 1], classes: ["a", "b"])),
    ]
    for (word, other) in others {
      #expect(own.difference(fromSamplesOf: other)?.contains(word) == true, "\(word)")
    }
  }

  @Test func theParetoFront() {
    #expect(Pareto.front([(0.9, 10), (0.8, 1), (0.7, 2), nil, (0.9, 11)]) == [true, true, false, false, false])
    #expect(Pareto.front([(0.5, 1), (0.5, 1)]) == [true, true])
  }

  @Test func everyColumnHasAKeyOfItsOwn() {
    let keys = ComparisonColumn.all.map(\.key)
    #expect(Set(keys).count == keys.count)
  }
}

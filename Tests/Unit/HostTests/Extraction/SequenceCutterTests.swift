import CSentryPlugin
import SentryPluginAPI
import Testing
@testable import SentryInference

/// The gap rule of `extract`, and the index.
@Suite struct SequenceCutterTests {
  private final class Output: SequenceOutput {
    var sequences: [String: [[Float]]] = [:]
    var ended: [String] = []
    var rows: [IndexRow] = []

    func begin(person: Int?) -> String {
      let name = "s\(sequences.count + 1)"
      sequences[name] = []
      return name
    }
    func append(_ values: [Float], to sequence: String) { sequences[sequence]?.append(values) }
    func end(_ sequence: String) { ended.append(sequence) }
    func write(_ row: IndexRow) { rows.append(row) }

    /// `seen s1 0`, `absent`.
    var states: [String] {
      rows.map { row in row.state.rawValue + (row.place.map { " \($0.sequence) \($0.row)" } ?? "") }
    }
  }

  /// The time of the frame, and how many frames this memory has seen.
  private final class Values: RowValues {
    let names = ["time", "count"]
    var memories: [Int: Float] = [:]
    var damaged: Set<Double> = []

    func next(_ instance: Instance, id: Int, at time: Double) throws -> [Float] {
      if damaged.contains(time) { throw PluginError.badData("no keypoints") }
      memories[id, default: 0] += 1
      return [Float(time), memories[id] ?? 0]
    }
    func keep(_ ids: Set<Int>) { memories = memories.filter { ids.contains($0.key) } }
  }

  /// Frames a quarter of a second apart.
  private func cut(_ sights: [[Int]], damaged: Set<Double> = []) throws -> (Output, ExtractionCounts) {
    let (output, values) = (Output(), Values())
    values.damaged = damaged
    let cutter = SequenceCutter(values, gap: 0.5, output: output)
    for (index, ids) in sights.enumerated() {
      let instances = ids.map { Instance(box: .init(x: 0, y: 0, width: 1, height: 1), score: 0.5, id: $0) }
      try cutter.next(Observation(index: index, time: Double(index) / 4, instances: instances))
    }
    let counts = try cutter.finish()
    #expect(cutter.waiting == 0)
    #expect(Set(output.ended) == Set(output.sequences.keys))
    #expect(output.sequences.values.reduce(0) { $0 + $1.count } == counts.rows)
    return (output, counts)
  }

  @Test func aShortGapHoldsTheLastVector() throws {
    let (output, counts) = try cut([[], [1], [1], [], [1], [1]])
    #expect(output.states == ["absent", "seen s1 0", "seen s1 1", "held s1 2", "seen s1 3", "seen s1 4"])
    #expect(output.sequences["s1"] == [[0.25, 1], [0.5, 2], [0.5, 2], [1, 3], [1.25, 4]])
    #expect((counts.frames, counts.rows, counts.held, counts.absent, counts.sequences) == (6, 5, 1, 1, 1))
    #expect(output.rows.map(\.frame) == Array(0..<6))
    #expect(output.rows[3].confidence == nil && output.rows[4].confidence == 0.5)
  }

  /// 0.5 s from sight to sight is the longest gap; 0.75 s parts two sequences, whose memories are two.
  @Test func aLongGapBeginsANewSequence() throws {
    let (output, counts) = try cut([[1], [1], [], [1], [], [], [1], [1], [], [], []])
    #expect(
      output.states == [
        "seen s1 0", "seen s1 1", "held s1 2", "seen s1 3", "absent", "absent", "seen s2 0", "seen s2 1", "absent",
        "absent", "absent",
      ])
    #expect(output.sequences["s2"] == [[1.5, 1], [1.75, 2]])
    #expect((counts.sequences, counts.held, counts.absent) == (2, 1, 5))
  }

  @Test func sequencesOfOneRowAreDroppedAndCounted() throws {
    let (output, counts) = try cut([[1], [], [], [], [1], [1], [], [], [], [1]])
    #expect(output.sequences.keys.sorted() == ["s1"])
    #expect(
      output.states == [
        "seen", "absent", "absent", "absent", "seen s1 0", "seen s1 1", "absent", "absent", "absent", "seen",
      ])
    #expect((counts.dropped, counts.droppedRows, counts.rows) == (2, 2, 2))
  }

  @Test func severalPeopleHaveRowsOfTheirOwn() throws {
    let (output, _) = try cut([[1, 2], [1, 2], [2], [1, 2], []])
    #expect(output.sequences["s1"]?.count == 4)
    #expect(output.sequences["s2"]?.count == 4)
    #expect(output.rows.map(\.frame) == [0, 0, 1, 1, 2, 2, 3, 3, 4])
    #expect(output.rows.map(\.person) == [1, 2, 1, 2, 2, 1, 1, 2, nil])
    #expect(output.rows[5].state == .held)
  }

  @Test func nobodyAtAll() throws {
    let (output, counts) = try cut([[], [], []])
    #expect(output.states == ["absent", "absent", "absent"])
    #expect(output.sequences.isEmpty && counts.sequences == 0 && counts.absent == 3)
  }

  /// A sight without values is none.
  @Test func sightsWithoutValuesAreGaps() throws {
    let (output, counts) = try cut([[1], [1], [1], [1]], damaged: [0.5])
    #expect(output.states == ["seen s1 0", "seen s1 1", "held s1 2", "seen s1 3"])
    #expect(counts.unusable == 1)
  }

  @Test func skippedFramesAreInTheIndexAlone() throws {
    let output = Output()
    let cutter = SequenceCutter(Values(), gap: 0.5, output: output)
    let one = [Instance(box: .init(x: 0, y: 0, width: 1, height: 1), score: 1, id: 0)]
    for index in 0..<6 {
      try cutter.next(
        Observation(
          index: index, time: Double(index) / 4, instances: index % 3 == 0 ? one : [], isSkipped: index % 3 != 0))
    }
    // 0.75 s apart: each is alone.
    let counts = try cutter.finish()
    #expect(output.states == ["seen", "skipped", "skipped", "seen", "skipped", "skipped"])
    #expect((counts.skipped, counts.absent, counts.dropped) == (4, 0, 2))
  }

  /// An hour at 30 per second: no more frames wait than a gap has.
  @Test func memoryDoesNotGrowWithTheLength() throws {
    final class Nowhere: SequenceOutput {
      var rows = 0
      func begin(person: Int?) -> String { "s" }
      func append(_ values: [Float], to sequence: String) {}
      func end(_ sequence: String) {}
      func write(_ row: IndexRow) { rows += 1 }
    }
    let output = Nowhere()
    let cutter = SequenceCutter(Values(), gap: 0.5, output: output)
    let one = [Instance(box: .init(x: 0, y: 0, width: 1, height: 1), score: 1, id: 0)]
    var most = 0
    for index in 0..<108_000 {
      let isSeen = index % 1000 < 900
      try cutter.next(Observation(index: index, time: Double(index) / 30, instances: isSeen ? one : []))
      most = max(most, cutter.waiting)
    }
    _ = try cutter.finish()
    #expect(output.rows == 108_000)
    #expect(most <= 16)
  }

  @Test func keypointsThatWereNotFoundKeepTheirPlace() {
    let values = AllKeypoints(["a", "b"])
    #expect(values.names == ["a_x", "a_y", "a_z", "a_visibility", "b_x", "b_y", "b_z", "b_visibility"])
    func next(_ points: [Instance.Keypoint]) -> [Float] {
      values.next(Instance(box: .init(x: 0, y: 0, width: 1, height: 1), score: 1, keypoints: points), id: 1, at: 0)
    }
    let lost = Instance.Keypoint(x: .nan, y: .nan, z: .nan, visibility: 0)
    #expect(
      next([.init(x: 1, y: 2, z: 3, visibility: 0.5), lost]) == [1, 2, 3, 0.5, 0, 0, 0, 0])
    #expect(next([lost, lost]) == [1, 2, 3, 0, 0, 0, 0, 0])
    values.keep([])
    #expect(next([lost, lost]) == [Float](repeating: 0, count: 8))
  }
}

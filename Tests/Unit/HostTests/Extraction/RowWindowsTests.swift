import SentryPluginAPI
import Testing

@testable import SentryInference

/// A live model sees the rows that `extract` writes of the same frames.
@Suite struct RowWindowsTests {
  private final class Output: SequenceOutput {
    var sequences: [[[Float]]] = []
    func begin(person: Int?) -> String {
      sequences.append([])
      return "\(sequences.count - 1)"
    }
    func append(_ values: [Float], to sequence: String) { sequences[Int(sequence) ?? 0].append(values) }
    func end(_ sequence: String) {}
    func write(_ row: IndexRow) {}
  }

  /// The time, and how many frames this memory has seen; of every seventh frame no row can be told.
  private final class Values: RowValues {
    let names = ["time", "count"]
    private var memories: [Int: Float] = [:]

    func next(_ instance: Instance, id: Int, at time: Double) throws -> [Float] {
      if Int(time * 10) % 7 == 6 { throw PluginError.badData("no keypoints") }
      memories[id, default: 0] += 1
      return [Float(time), memories[id] ?? 0]
    }
    func keep(_ ids: Set<Int>) { memories = memories.filter { ids.contains($0.key) } }
  }

  private static let length = 4

  @Test func windowsHoldTheRowsOfSequences() throws {
    // Out of sight for three frames, which are held, and for twelve, which are not.
    let unseen = Set([9, 10, 11] + Array(20..<32))
    let sights = (0..<45).map { index in
      Observation(
        index: index, time: Double(index) / 10,
        instances: unseen.contains(index)
          ? [] : [Instance(box: .init(x: 0, y: 0, width: 1, height: 1), score: 1, id: 3)])
    }
    let output = Output()
    let cutter = SequenceCutter(Values(), gap: KeypointFeatures.longestGap, output: output)
    for sight in sights { try cutter.next(sight) }
    _ = try cutter.finish()
    let windows = RowWindows(Values(), length: Self.length)
    var live: [[[Float]]] = []
    for sight in sights { live += try windows.next(sight.instances, frame: sight.index, at: sight.time) }

    #expect(output.sequences.count == 2 && output.sequences.allSatisfy { $0.count > Self.length })
    // Of a frame that is not seen, or tells no row, there is no window; all others end with that frame's row.
    var expected: [[[Float]]] = []
    for rows in output.sequences {
      for end in rows.indices where end == 0 || rows[end] != rows[end - 1] {
        expected.append(Array(rows[max(0, end + 1 - Self.length)...end]))
      }
    }
    #expect(live.filter { !$0.isEmpty } == expected)
    #expect(live.contains([]))
  }
}

import SentryPluginAPI
import Testing
@testable import SentryInference

/// `extract --person`: who is followed.
@Suite struct PersonChoiceTests {
  /// - Parameter sizes: the side of the box of each number.
  private func frame(_ index: Int, _ time: Double, _ sizes: [Int: Float], skipped: Bool = false) -> Observation {
    Observation(
      index: index, time: time, instances: sizes.sorted { $0.key < $1.key }.map { person($0.value, id: $0.key) },
      isSkipped: skipped)
  }

  private func person(_ side: Float, id: Int?) -> Instance {
    Instance(box: .init(x: 0, y: 0, width: side, height: side), score: 1, id: id)
  }

  /// The numbers left in each frame.
  private func followed(_ rule: PersonRule, _ frames: [Observation]) -> [[Int?]] {
    var choice = PersonChoice(rule, gap: 0.5)
    let decided = frames.flatMap { choice.next($0) } + choice.finish()
    #expect(decided.map(\.index) == frames.map(\.index))
    #expect(!choice.isChoosing)
    return decided.map { $0.instances.map(\.id) }
  }

  @Test func allAndOne() {
    let frames = [frame(0, 0, [1: 0.1, 2: 0.2]), frame(1, 0.1, [2: 0.2]), frame(2, 0.2, [:])]
    #expect(followed(.all, frames) == [[1, 2], [2], []])
    #expect(followed(.id(1), frames) == [[1], [], []])
    // Who is there instead is told.
    var nobody = PersonChoice(.id(77), gap: 0.5)
    for frame in frames { #expect(nobody.next(frame).allSatisfy { $0.instances.isEmpty }) }
    #expect(nobody.others == [1, 2])
  }

  /// Who is largest in the first second is followed from its beginning, and stays when another grows.
  @Test func theLargestOfTheFirstSecondStays() {
    let frames = [
      frame(0, 0, [:]), frame(1, 0.2, [1: 0.2]), frame(2, 0.7, [1: 0.2, 2: 0.3]), frame(3, 1.3, [1: 0.9, 2: 0.1]),
      frame(4, 1.6, [1: 0.9, 2: 0.1]),
    ]
    // The second begins with the first sight, at 0.2 s; the frame at 1.3 s ends it and is among those that count.
    #expect(followed(.largest, frames) == [[], [1], [1], [1], [1]])
    let others = [
      frame(0, 0, [1: 0.2]), frame(1, 0.5, [1: 0.2, 2: 0.3]), frame(2, 1, [1: 0.1, 2: 0.2]),
      frame(3, 1.3, [1: 0.9, 2: 0.1]),
    ]
    #expect(followed(.largest, others) == [[], [2], [2], [2]])
  }

  /// Up to the gap nobody takes the place of who is out of sight; then the choice is made again.
  @Test func afterTheGapTheChoiceIsMadeAgain() {
    let frames = [
      frame(0, 0, [1: 0.5]), frame(1, 1, [1: 0.5]), frame(2, 1.4, [2: 0.3]), frame(3, 1.5, [1: 0.5, 2: 0.3]),
      frame(4, 1.9, [2: 0.3]), frame(5, 2.1, [2: 0.3, 3: 0.2]), frame(6, 3.2, [2: 0.1, 3: 0.2]),
      frame(7, 3.3, [1: 0.9, 2: 0.1]),
    ]
    #expect(followed(.largest, frames) == [[1], [1], [], [1], [], [2], [2], [2]])
  }

  /// A frame that nobody was looked for in is no sight, and none is missed.
  @Test func skippedFramesDoNotCount() {
    let frames = [
      frame(0, 0, [1: 0.5]), frame(1, 1, [1: 0.5]), frame(2, 1.6, [:], skipped: true), frame(3, 1.5, [1: 0.5]),
    ]
    #expect(followed(.largest, frames) == [[1], [1], [], [1]])
  }

  @Test func withoutNumbersTheLargestOfEachFrameIsFollowed() {
    var choice = PersonChoice(.largest, gap: 0.5)
    let frames = [[0.1, 0.3], [0.4, 0.2], []].enumerated().map { index, sides in
      Observation(index: index, time: Double(index) * 0.1, instances: sides.map { person(Float($0), id: nil) })
    }
    let decided = frames.flatMap { choice.next($0) } + choice.finish()
    #expect(decided.map { $0.instances.map(\.box.width) } == [[0.3], [0.4], []])
  }

  @Test func boxesThatAreNoNumbersLoseNoFrame() {
    #expect(followed(.largest, [frame(0, 0, [1: .nan]), frame(1, 0.1, [1: .nan])]) == [[], []])
  }
}

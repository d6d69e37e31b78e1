import Testing

@testable import SentryVision

@Suite struct NumberTests {
  private func box(_ x: Float, _ y: Float = 0) -> Box { Box(x: x, y: y, width: 1, height: 1) }

  @Test func aBoxKeepsItsNumberWhileItOverlaps() {
    var numbers = NumbersByOverlap()
    #expect(numbers.next([box(0), box(5)], at: .zero) == [1, 2])
    // They move, and the detector gives them in another order.
    #expect(numbers.next([box(5.3), box(0.3)], at: .milliseconds(33)) == [2, 1])
    #expect(numbers.next([], at: .milliseconds(66)) == [])
    #expect(numbers.next([box(0.5), box(9)], at: .milliseconds(99)) == [1, 3])
  }

  @Test func theBestFittingOneKeepsTheNumber() {
    var numbers = NumbersByOverlap()
    _ = numbers.next([box(0)], at: .zero)
    #expect(numbers.next([box(0.5), box(0.1)], at: .milliseconds(33)) == [2, 1])
    // Each known box is one box at most: 2 goes to the one that 1 leaves over.
    #expect(numbers.next([box(0.3), box(0.12)], at: .milliseconds(66)) == [2, 1])
  }

  @Test func numbersAreNotUsedAgain() {
    var numbers = NumbersByOverlap()
    #expect(numbers.next([box(0)], at: .zero) == [1])
    #expect(numbers.next([], at: .milliseconds(400)) == [])
    #expect(numbers.next([box(0)], at: .milliseconds(500)) == [1])
    // Too long ago: nobody knows whether it is the same.
    #expect(numbers.next([box(0)], at: .milliseconds(1_001)) == [2])
    #expect(numbers.next([box(0), box(0)], at: .milliseconds(1_034)) == [2, 3])
  }
}

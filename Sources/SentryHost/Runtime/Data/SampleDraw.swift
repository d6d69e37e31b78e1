/// One visit to a sample.
package struct SampleDraw: Sendable, Equatable {
  /// Of the sample in the list.
  package var position: Int
  /// 0 for the sample itself, 1, 2, … where balancing draws it again.
  package var ordinal = 0

  package init(position: Int, ordinal: Int = 0) {
    (self.position, self.ordinal) = (position, ordinal)
  }
}

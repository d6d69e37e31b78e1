/// One visit to a sample.
struct SampleDraw: Sendable, Equatable {
  /// Of the sample in the list.
  var position: Int
  /// 0 for the sample itself, 1, 2, … where balancing draws it again.
  var ordinal = 0
}

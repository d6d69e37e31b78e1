/// What a network knows of the processes that train it together: each sees some rows of every batch.
public struct Ranks: Sendable {
  /// Where this process's rows lie in the whole batch.
  public let share: RowShare
  /// Sums values over all ranks in place; nil where statistics are of this rank's rows alone.
  public let sum: (@Sendable (UnsafeMutableBufferPointer<Double>) throws -> Void)?

  public init(share: RowShare, sum: (@Sendable (UnsafeMutableBufferPointer<Double>) throws -> Void)?) {
    (self.share, self.sum) = (share, sum)
  }
}

/// Rows of a whole batch.
public struct RowShare: Sendable, Equatable {
  /// The first row in the whole batch.
  public let first: Int
  /// The rows of the whole batch.
  public let whole: Int

  public init(first: Int, whole: Int) { (self.first, self.whole) = (first, whole) }

  /// The place in the whole batch's tensor of an element of the share's: both are [groups][rows][width], where one has `rows` rows
  /// and the other all.
  func place(of element: Int, rows: Int, width: Int) -> Int {
    let group = rows * width
    return element / group * whole * width + first * width + element % group
  }
}

/// A dataset whose answers the host checks: one of the other side.
public protocol CountCheckingDataset: Dataset {
  /// The number of samples in a split, where that can be true.
  ///
  /// - Throws: ``PluginError`` where the number is below zero, too large for any memory, or another than it was.
  func checkedCount(in split: Split) throws -> Int
}

extension Dataset {
  /// The number of samples in a split, for whoever takes memory for that many.
  package func believedCount(in split: Split) throws -> Int {
    if let checking = self as? any CountCheckingDataset { return try checking.checkedCount(in: split) }
    return try plausible(count(in: split), in: split, of: "the dataset")
  }

  func plausible(_ count: Int, in split: Split, of title: String) throws -> Int {
    // A list of samples holds an index and a label for each task.
    guard PhysicalMemory.bytes(of: [count], each: 8 * (1 + specification.tasks.count)) != nil else {
      throw PluginError(
        "\(title) says that it has \(count) samples in \(split)"
          + (count < 0 ? "" : ": a list of them does not fit this machine's memory"),
        hint: "this is a fault of the plugin, or of what it reads: check --data")
    }
    return count
  }
}

import SentryPluginAPI

/// The last rows of everyone in sight, as long as a model's input.
final class RowWindows {
  private struct Window {
    var rows = HeldRows()
    var values: [[Float]] = []
  }

  private let values: any RowValues
  private let length: Int
  private var windows: [Int: Window] = [:]

  /// - Parameter length: rows of a window.
  init(_ values: any RowValues, length: Int) { (self.values, self.length) = (values, length) }

  /// The windows of a frame's instances, in their order; shorter than the length until there are enough rows. One of which no row can
  /// be computed counts as not seen, and its window is empty.
  func next(_ instances: [Instance], frame: Int, at time: Double) throws -> [[[Float]]] {
    windows = windows.filter { !$0.value.rows.isOver(at: time, gap: KeypointFeatures.longestGap) }
    values.keep(Set(windows.keys))
    var unseen = Set(windows.keys)
    let found = try instances.map { instance -> [[Float]] in
      guard let row = try values.row(of: instance, frame: frame, at: time) else { return [] }
      unseen.remove(instance.key)
      var window = windows[instance.key] ?? Window()
      window.values = (window.values + window.rows.see(row, at: time)).suffix(length)
      windows[instance.key] = window
      return window.values
    }
    for key in unseen { windows[key]?.rows.miss() }
    return found
  }
}

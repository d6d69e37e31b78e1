import SentryPluginAPI
import SentryTables

extension PluginError {
  /// For a dataset that has no image to give.
  ///
  /// - Parameter dropped: what was left out by split, and how many of each: where there is any, the classes or the labels are the
  ///   reason, and not the files.
  public static func noImage(in path: String, dropped: [Split: [String: Int]]) -> PluginError {
    let reasons = Split.allCases.flatMap { Notes.dropped(dropped[$0, default: [:]], kept: 0, in: $0) }
    guard !reasons.isEmpty else {
      return .badData("\(path): there is no image", hint: "check that the dataset is complete")
    }
    return .badData(
      "\(path): no image is left: \(reasons.joined(separator: "; "))",
      hint: "check that these are the right data, or keep more with dataset.classes or other labels")
  }
}

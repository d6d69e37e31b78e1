import SentryRuntime

extension RunText {
  /// Where the time of a run went, the largest part first.
  package static func profile(_ profile: RunProfile) -> String {
    let total = profile.seconds.values.reduce(0, +)
    func rows(_ seconds: [String: Double]) -> [[String]] {
      seconds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { part, time in
        let share = total > 0 ? 100 * time / total : 0
        return ["  \(part)", "\(NumberText.fixed(time, 2)) s", "\(NumberText.fixed(share, 1)) %"]
      }
    }
    let main = rows(profile.seconds)
    let beside = rows(profile.loaderSeconds)
    let widths = (0..<3).map { column in (main + beside).map { $0[column].count }.max() ?? 0 }
    func lines(_ rows: [[String]]) -> [String] {
      rows.map { row in
        row.enumerated().map { NumberText.padded($1, to: widths[$0], left: $0 == 0) }.joined(separator: "  ")
      }
    }
    let title = "time breakdown: \(NumberText.fixed(total, 1)) s with \(profile.steps) training steps"
    let second = beside.isEmpty ? [] : ["in addition, processor time of the loader threads:"] + lines(beside)
    return ([title] + lines(main) + second).joined(separator: "\n")
  }
}

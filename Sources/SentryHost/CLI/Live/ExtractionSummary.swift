import SentryInference
import SentryPluginAPI
import SentryRuntime

/// What `extract` tells at its end: a line for each source, and their sum.
struct ExtractionSummary {
  private var lines: [String] = []
  private var total = ExtractionCounts()
  private var sources = 0
  var isEmpty: Bool { lines.isEmpty }
  private(set) var skipped: [String] = []
  /// What the detector finds, in one word.
  private let instances: String

  init(instances: String) { self.instances = instances }

  mutating func add(_ record: SourceRecord, source: String, isOld: Bool) {
    sources += 1
    total += record.counts
    lines.append(
      "\(TerminalText.line(source)): \(Self.text(record.counts, instances))" + (isOld ? " (from before)" : ""))
  }

  mutating func skip(_ source: String, _ error: PluginError) {
    skipped.append(source)
    lines.append("\(TerminalText.line(source)): unreadable: \(error.message)")
  }

  func text(_ folder: String) -> String {
    var lines = lines
    if sources != 1 || !skipped.isEmpty {
      lines.append(
        "\(NumberText.counted(sources, "source")): \(Self.text(total, instances))"
          + (skipped.isEmpty ? "" : "; \(NumberText.counted(skipped.count, "unreadable source"))"))
    }
    return (lines + ["output: \(folder)"]).joined(separator: "\n")
  }

  private static func text(_ counts: ExtractionCounts, _ instances: String) -> String {
    guard counts.sequences + counts.dropped > 0 else {
      return "no \(instances) in \(NumberText.counted(counts.frames, "frame"))"
        + (counts.unusable > 0 ? "; \(NumberText.counted(counts.unusable, "sight")) without enough keypoints" : "")
    }
    var parts = [
      "\(NumberText.counted(counts.frames, "frame")), \(NumberText.counted(counts.rows, "row")) in "
        + NumberText.counted(counts.sequences, "sequence")
    ]
    if counts.held > 0 { parts.append("\(counts.held) held") }
    if counts.absent > 0 { parts.append("\(NumberText.counted(counts.absent, "frame")) without a \(instances)") }
    if counts.skipped > 0 { parts.append("\(counts.skipped) passed over by --fps") }
    if counts.ticksWithoutFrame > 0 {
      parts.append("\(counts.ticksWithoutFrame) ticks of --fps without a frame of their own")
    }
    if counts.dropped > 0 {
      parts.append("\(NumberText.counted(counts.dropped, "sequence")) of one row dropped")
    }
    if counts.unusable > 0 { parts.append("\(counts.unusable) sights without enough keypoints") }
    return parts.joined(separator: "; ")
  }
}

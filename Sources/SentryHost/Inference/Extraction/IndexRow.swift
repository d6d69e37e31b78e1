import SentryFormats
import SentryRuntime

/// A line of index.csv: what became of a frame.
struct IndexRow: Sendable, Equatable {
  enum State: String, Sendable {
    /// The row was computed from this frame.
    case seen
    /// Out of sight for a moment: the row repeats the one before.
    case held
    /// Nobody who is followed.
    case absent
    /// Passed over by --fps.
    case skipped
  }

  /// nil where the frame belongs to no sequence.
  var place: (sequence: String, row: Int)?
  var frame: Int
  var time: Double
  var person: Int?
  var confidence: Float?
  var state: State

  static let header = "source,sequence,row,frame,time,person,confidence,state\n"

  func text(source: String) -> String {
    CSVText.row([
      source, place?.sequence ?? "", place.map { "\($0.row)" } ?? "", "\(frame)", NumberText.fixed(time, 6),
      person.map { "\($0)" } ?? "", confidence.map { NumberText.fixed(Double($0), 4) } ?? "", state.rawValue,
    ])
  }

  static func == (one: IndexRow, other: IndexRow) -> Bool { one.text(source: "") == other.text(source: "") }
}

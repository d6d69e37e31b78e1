import SentryPluginAPI

/// The size of a run's inputs over its epochs, as `48:10,96:20` says it: 10 epochs at 48, then 20 at 96.
///
/// The last size is that of the model that the run leaves. Numbers of other sizes do not compare with it, so the best epoch is one of
/// the last size, and early stopping counts only these.
package struct SizeSchedule: Sendable, Equatable {
  package struct Phase: Sendable, Equatable {
    package let size: Int
    /// From 0.
    package let epochs: Range<Int>
  }
  /// What a schedule looks like. Seven digits are more than any input or run has.
  static let pattern = OptionPattern(
    expression: "^[1-9][0-9]{0,6}:[1-9][0-9]{0,6}(,[1-9][0-9]{0,6}:[1-9][0-9]{0,6})*$",
    form: "SIZE:EPOCHS, or several of these with commas between them", example: "48:10,96:20")

  private let earlier: [Phase]
  package let last: Phase

  /// nil for a text that is no schedule.
  package init?(_ text: String) {
    var phases: [Phase] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let size = numbers[0], let count = numbers[1], (1..<10_000_000).contains(size),
        (1..<10_000_000).contains(count)
      else { return nil }
      let start = phases.last?.epochs.upperBound ?? 0
      phases.append(Phase(size: size, epochs: start..<start + count))
    }
    guard let last = phases.popLast() else { return nil }
    (earlier, self.last) = (phases, last)
  }

  package var phases: [Phase] { earlier + [last] }
  /// Of the whole run.
  package var epochs: Int { last.epochs.upperBound }
  package var largest: Int { earlier.reduce(last.size) { max($0, $1.size) } }
  /// Each once, in the order in which they come.
  package var sizes: [Int] {
    phases.reduce(into: []) { sizes, phase in if !sizes.contains(phase.size) { sizes.append(phase.size) } }
  }

  /// The size of an epoch, counted from 0; after the last one that of the model that is left.
  package func size(in epoch: Int) -> Int { (earlier.first { $0.epochs.contains(epoch) } ?? last).size }
}

extension SizeSchedule: CustomStringConvertible {
  package var description: String { phases.map { "\($0.size):\($0.epochs.count)" }.joined(separator: ",") }
}

extension SizeSchedule: RunOptionValue {
  static var types: [OptionProperty.ValueType] { [.string] }
  init?(json: JSONValue) {
    guard let text = json.stringValue else { return nil }
    self.init(text)
  }
  var json: JSONValue? { .string(description) }
}

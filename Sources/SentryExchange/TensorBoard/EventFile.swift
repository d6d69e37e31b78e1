import Glibc
import SentryFormats
import SwiftProtobuf

/// A file of events that TensorBoard reads while it grows. Several files in a folder are read one after another, in the order of
/// their names: a process that goes on with what another began writes a file of its own.
public final class EventFile {
  private static let prefix = "events.out.tfevents."
  private let file: GrowingFile
  private let now: () -> Double
  private var pending: [UInt8] = []

  /// - Parameters:
  ///   - folder: must be there.
  ///   - names: of the files that are there; the new one comes after them.
  ///   - purging: what earlier files say of this step and of later ones no longer holds.
  ///   - now: seconds since 1970.
  /// - Throws: ``FormatError``.
  public init(
    in folder: String, besides names: [String], purging: Int? = nil, now: @escaping () -> Double = EventFile.clock
  ) throws {
    self.now = now
    // After those that are there, whatever the clock says.
    let latest = names.compactMap(Self.time).max()
    let time = max(Int(now()), latest.map { $0 + 1 } ?? 0)
    let digits = String(time)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    file = try GrowingFile(creating: "\(folder)/\(Self.prefix)\(padded).\(Self.host)")
    var version = event(step: 0)
    version.fileVersion = "brain.Event:2"
    try add(version)
    if let purging {
      var start = event(step: purging)
      start.sessionLog.status = .start
      try add(start)
    }
  }

  public var path: String { file.path }

  /// Whether a file of this name holds events.
  public static func isOwn(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// Keeps values for the next ``flush()``. Throws ``FormatError``.
  public func add(_ values: [EventValue], step: Int) throws {
    guard !values.isEmpty else { return }
    var event = event(step: step)
    event.summary.value = values.map(\.summary)
    try add(event)
  }

  /// Brings everything to the disk. Throws ``FormatError``.
  public func flush() throws {
    try file.append(pending)
    pending = []
  }

  private func event(step: Int) -> Tensorboard_Event {
    var event = Tensorboard_Event()
    (event.wallTime, event.step) = (now(), Int64(step))
    return event
  }

  private func add(_ event: Tensorboard_Event) throws {
    do {
      pending += Record.framed(try event.serializedBytes())
    } catch {
      throw FormatError(.invalidValue, file: file.path, "an event cannot be written: \(error)")
    }
  }

  private static func time(of name: String) -> Int? {
    guard isOwn(name) else { return nil }
    // No clock shows more: a larger one could not be followed by another.
    return Int(name.dropFirst(prefix.count).prefix { $0.isASCII && $0.isNumber }).flatMap { $0 < 1 << 40 ? $0 : nil }
  }

  /// This machine's name, as far as it is good in a file's.
  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let plain = text.prefix(100).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }
    return plain.isEmpty ? "localhost" : String(plain)
  }

  public static let clock: @Sendable () -> Double = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

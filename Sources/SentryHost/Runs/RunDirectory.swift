import Glibc
import SentryFormats
import SentryPluginAPI

/// How a run meets what is in its directory already.
enum RunDirectoryMode: Sendable {
  /// The directory must be new or empty.
  case new
  /// What an earlier run wrote is removed, and nothing else.
  case overwrite
  /// The run that is there goes on.
  case resume
}

/// The directory of a run: names, and writing that leaves the old file or the new one and never a part.
struct RunDirectory: Sendable {
  static let record = "run.json"
  static let history = "history.json"
  static let timing = "timing.json"
  static let best = "best_model.pth"
  static let final = "final_model.pth"
  static let state = "state"
  static func checkpoint(epoch: Int) -> String { "checkpoint_epoch_\(epoch).pth" }

  let path: String
  /// Called with the path before each file is written; the tests let it fail.
  var willWrite: @Sendable (String) throws -> Void = { _ in }

  init(path: String, willWrite: @escaping @Sendable (String) throws -> Void = { _ in }) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.willWrite = willWrite
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ value: some Encodable, to name: String) throws {
    try willWrite(file(name))
    try AtomicFile.write(try JSON.text(value, pretty: true) + "\n", to: file(name))
  }

  func write(_ value: PickleValue, to name: String) throws {
    try willWrite(file(name))
    try PyTorchFile.write(value, to: file(name))
  }

  /// Whether a run may have written a file of this name, unfinished files of a killed one included.
  static func isOwn(_ name: String) -> Bool {
    if name.hasPrefix("."), let end = name.firstRange(ofText: ".tmp-") {
      return isOwn(String(name[name.index(after: name.startIndex)..<end]))
    }
    if [record, history, timing, best, final, "report.html"].contains(name) { return true }
    if name.hasPrefix("events.out.tfevents.") { return true }
    guard name.hasPrefix("checkpoint_epoch_"), name.hasSuffix(".pth") else { return false }
    let number = name.dropFirst("checkpoint_epoch_".count).dropLast(".pth".count)
    return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
  }
}

extension String {
  /// Where a text begins in this one.
  fileprivate func firstRange(ofText text: String) -> Index? {
    indices.first { self[$0...].hasPrefix(text) }
  }
}

import Glibc
import SentryFormats
import SentryPluginAPI

/// How a run meets what is in its directory already.
package enum RunDirectoryMode: Sendable {
  /// The directory must be new or empty.
  case new
  /// What an earlier run wrote is removed, and nothing else.
  case overwrite
  /// The run that is there goes on.
  case resume
}

/// The directory of a run: names, and writing that leaves the old file or the new one and never a part.
package struct RunDirectory: Sendable {
  package static let record = "run.json"
  package static let history = "history.json"
  package static let timing = "timing.json"
  /// The names of the models' files where a run says no others.
  package static let best = "best_model.pth"
  package static let final = "final_model.pth"
  /// A plain file name: no folder, not hidden.
  static let modelFilePattern = OptionPattern(
    expression: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}\\.pth$",
    form: "a file name of letters, digits, dots, hyphens and underscores that ends in .pth", example: best)
  package static let state = "state"
  package static let events = "tensorboard"
  package static func checkpoint(epoch: Int) -> String { "checkpoint_epoch_\(epoch).pth" }

  private let output: OutputPlace
  package let bestFile: String
  package let finalFile: String
  /// Called with the path before each file is written; the tests let it fail.
  package var willWrite: @Sendable (String) throws -> Void = { _ in }

  package init(
    path: String, bestFile: String = Self.best, finalFile: String = Self.final,
    willWrite: @escaping @Sendable (String) throws -> Void = { _ in }
  ) {
    output = OutputPlace(path)
    (self.bestFile, self.finalFile, self.willWrite) = (bestFile, finalFile, willWrite)
  }

  /// See ``OutputPlace``.
  package var path: String { output.path }
  package var place: String { output.place }

  package func file(_ name: String) -> String { "\(place)/\(name)" }

  package func write(_ value: some Encodable, to name: String) throws {
    try willWrite(file(name))
    try AtomicFile.write(try JSON.text(value, pretty: true) + "\n", to: file(name))
  }

  package func write(_ value: PickleValue, to name: String) throws {
    try willWrite(file(name))
    try PyTorchFile.write(value, to: file(name))
  }

  /// Whether a run may have written a file of this name, unfinished files of a killed one included.
  /// - Parameter models: the names of models' files beside the usual ones.
  package static func isOwn(_ name: String, models: Set<String> = []) -> Bool {
    if name.hasPrefix("."), let end = name.firstRange(ofText: ".tmp-") {
      return isOwn(String(name[name.index(after: name.startIndex)..<end]), models: models)
    }
    if [record, history, timing, best, final, "report.html"].contains(name) || models.contains(name) { return true }
    return isPeriodic(name)
  }

  /// Whether it is the name of a checkpoint of some epoch.
  static func isPeriodic(_ name: String) -> Bool {
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

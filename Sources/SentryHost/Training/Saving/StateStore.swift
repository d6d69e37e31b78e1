import Glibc
import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// What `--resume` needs, in state/: a folder for each saved state, and the file `current` that names the valid one.
///
/// A new state gets a new folder, is synced, and only then named; the one before it is removed after that. Wherever a save is
/// cut off, `current` names a complete state. All of a state is in one file, whose parts carry checksums.
struct StateStore: Sendable {
  private static let pointer = "current"
  private static let contents = "state.pth"
  private let run: RunDirectory
  private var folder: String { run.file(RunDirectory.state) }

  init(_ run: RunDirectory) { self.run = run }

  /// Saves a state in place of the one before it. Throws ``FormatError`` or ``PluginError``; then that one is still there.
  func save(_ state: SavedState) throws {
    let number = try (names().compactMap(Self.number).max() ?? 0) + 1
    let name = "\(RunDirectory.state)/\(number)"
    try SystemFile.makeFolder(run.file(name))
    do {
      try run.write(state.pickle(), to: "\(name)/\(Self.contents)")
      try SystemFile.sync(folder: folder)
      try run.willWrite("\(folder)/\(Self.pointer)")
      try AtomicFile.write("\(number)\n", to: "\(folder)/\(Self.pointer)")
    } catch {
      // What is left of a failed save is in nobody's way, but may hold the disk that was full.
      try? remove(number)
      throw error
    }
    for other in try names() {
      if let old = Self.number(other), old != number { try remove(old) }
      // Left by a process that was killed while it wrote.
      if other.hasPrefix("."), Self.isOwn(other, Self.pointer) { try SystemFile.removeFile("\(folder)/\(other)") }
    }
  }

  /// The state that `current` names; nil where none was ever saved. Throws ``PluginError`` where it is damaged.
  func load() throws -> SavedState? {
    guard let text = try SystemFile.text("\(folder)/\(Self.pointer)", limit: 1 << 10) else { return nil }
    let hint = "the run cannot be resumed: start it again with --overwrite, or restore \(folder) from a backup"
    guard let number = Self.number(String(text.prefix { $0 != "\n" })), text.hasSuffix("\n") else {
      throw PluginError.badData("\(folder)/\(Self.pointer) does not name a state", hint: hint)
    }
    let path = "\(folder)/\(number)/\(Self.contents)"
    do {
      return try SavedState(try PyTorchFile.read(path), file: path)
    } catch let error as FormatError {
      throw PluginError.badData("the saved state is damaged: \(error)", hint: hint)
    } catch let error as PluginError {
      throw PluginError.badData("the saved state is damaged: \(error.message)", hint: hint)
    }
  }

  func removeAll() throws {
    for name in try names() {
      if let number = Self.number(name) { try remove(number) } else { try SystemFile.removeFile("\(folder)/\(name)") }
    }
    try SystemFile.removeEmptyFolder(folder)
  }

  /// What is in the folder that no state has.
  func foreignNames() throws -> [String] {
    try names().flatMap { name -> [String] in
      guard Self.number(name) != nil else {
        return Self.isOwn(name, Self.pointer) ? [] : ["\(RunDirectory.state)/\(name)"]
      }
      return try (SystemFile.names(in: "\(folder)/\(name)") ?? []).filter { !Self.isOwn($0, Self.contents) }
        .map { "\(RunDirectory.state)/\(name)/\($0)" }
    }
  }

  private func names() throws -> [String] { try SystemFile.names(in: folder) ?? [] }

  private func remove(_ number: Int) throws {
    for name in try SystemFile.names(in: "\(folder)/\(number)") ?? [] {
      try SystemFile.removeFile("\(folder)/\(number)/\(name)")
    }
    try SystemFile.removeEmptyFolder("\(folder)/\(number)")
  }

  private static func isOwn(_ name: String, _ file: String) -> Bool { name == file || name.hasPrefix(".\(file).tmp-") }

  private static func number(_ name: String) -> Int? {
    name.allSatisfy { $0.isASCII && $0.isNumber } ? Int(name).flatMap { $0 < 1 << 53 ? $0 : nil } : nil
  }
}

import Glibc
import SentryExchange
import SentryPluginAPI
import SentryRuntime

extension RunDirectory {
  /// Whether a run may begin or go on here. Changes nothing. Throws ``PluginError`` with what to do instead.
  package func check(_ mode: RunDirectoryMode) throws {
    let names = try SystemFile.names(in: place)
    switch mode {
    case .new:
      guard let names, !names.isEmpty else { return }
      throw PluginError.invalid(
        "\(path) is not empty: it holds \(Self.list(names))",
        hint: names.contains(Self.record)
          ? "--resume \(path) continues the existing run, --overwrite replaces it; or choose another --output"
          : "choose another --output")
    case .overwrite:
      let foreign = try foreignNames(names ?? [])
      guard foreign.isEmpty else {
        throw PluginError.invalid(
          "\(path) contains files that no run wrote: \(Self.list(foreign))",
          hint: "--overwrite removes only files of a run: move the others away, or choose another --output")
      }
    case .resume:
      guard let names, names.contains(Self.record) else {
        throw PluginError.invalid(
          "\(path) is not the directory of a run: it has no \(Self.record)",
          hint: "--resume takes the --output folder of the run")
      }
    }
  }

  /// Makes the directory and takes it for this process, then removes what `mode` says is to be removed. The directory is
  /// held as long as the lock is.
  func open(_ mode: RunDirectoryMode) throws -> RunLock {
    try SystemFile.makeFolder(place)
    let lock = try RunLock(place)
    try check(mode)
    switch mode {
    case .new: break
    case .overwrite:
      try StateStore(self).removeAll()
      for name in try eventFiles() { try SystemFile.removeFile("\(file(Self.events))/\(name)") }
      try SystemFile.removeEmptyFolder(file(Self.events))
      for name in try SystemFile.names(in: place) ?? [] where name != Self.state {
        try SystemFile.removeFile(file(name))
      }
    case .resume:
      // Unfinished files of a run that was killed while it saved.
      for name in try SystemFile.names(in: place) ?? []
      where name.hasPrefix(".") && Self.isOwn(name, models: [bestFile, finalFile]) {
        try SystemFile.removeFile(file(name))
      }
    }
    return lock
  }

  /// What the models' files of the run that is here may be called: as this run's are, or as its record says.
  private var modelFiles: Set<String> {
    // Without a readable record the usual names have to do: others are then refused as foreign, and named.
    let recorded = try? RunRecord.read(at: place).plan.run
    return Set([bestFile, finalFile] + [recorded?.bestFile, recorded?.finalFile].compactMap { $0 })
  }

  private func foreignNames(_ names: [String]) throws -> [String] {
    let models = modelFiles
    return try names.flatMap { name -> [String] in
      if name == Self.state, SystemFile.isFolder(file(name)) { return try StateStore(self).foreignNames() }
      if name == Self.events, SystemFile.isFolder(file(name)) {
        return try eventFiles().filter { !EventFile.isOwn($0) }.map { "\(Self.events)/\($0)" }
      }
      return Self.isOwn(name, models: models) && !SystemFile.isFolder(file(name)) ? [] : [name]
    }
  }

  /// What is in the folder for TensorBoard.
  func eventFiles() throws -> [String] { try SystemFile.names(in: file(Self.events)) ?? [] }

  private static func list(_ names: [String]) -> String {
    names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }
}

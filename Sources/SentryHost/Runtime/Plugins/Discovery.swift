import SentryPluginAPI

/// Looks at every file of the search path. Every file ends up in `reports`, usable or not; none is mapped into this process.
package struct Discovery: Sendable {
  package let search: SearchPath
  /// Where the files lie that components ask for.
  package let store: FileStore
  let probe: Probe
  package private(set) var reports: [PluginReport] = []

  /// - Parameters:
  ///   - fresh: probe every file again, whatever the cache says.
  ///   - asksDevices: the probes ask for devices.
  package init(
    _ search: SearchPath, store: FileStore? = nil, allowUntrusted: Bool = false, fresh: Bool = false,
    asksDevices: Bool = false, probe: Probe = Probe(), cache: ProbeCache = ProbeCache()
  ) {
    (self.search, self.probe) = (search, probe)
    self.store = store ?? FileStore(cache: cache)
    let crashes = CrashRecord(folder: cache.folder).counts()
    for folder in search.folders where folder.exists {
      guard let names = Paths.names(in: folder.path) else {
        reports.append(
          PluginReport(file: folder.path, folder: folder, state: .refused, reason: "cannot be read: \(Paths.lastError)")
        )
        continue
      }
      reports += Self.reports(on: names.filter(folder.concerns), in: folder) {
        Self.examine(
          &$0, allowUntrusted: allowUntrusted, fresh: fresh, asksDevices: asksDevices, probe: probe, cache: cache,
          crashes: crashes)
      }
    }
    markShadows()
  }

  /// What two files offer under one name comes from the first.
  private mutating func markShadows() {
    var owners: [String: String] = [:]
    for index in reports.indices where reports[index].state == .usable {
      guard let declaration = reports[index].declaration else { continue }
      let offers =
        declaration.components.map { ($0.knownKind?.rawValue ?? $0.kind, $0.name) }
        + declaration.recipes.map { ("recipe", $0.name) }
      for (kind, name) in offers {
        let key = "\(kind) \(name)"
        if let owner = owners[key] {
          reports[index].shadows.append(.init(kind: kind, name: name, by: owner))
        } else {
          owners[key] = reports[index].file
        }
      }
      if !offers.isEmpty, reports[index].shadows.count == offers.count {
        reports[index].state = .shadowed
        let by = Set(reports[index].shadows.map(\.by)).sorted().joined(separator: ", ")
        reports[index].reason = "\(by) already provides its components"
      }
    }
  }

  /// The folders and what was found in them.
  /// - Parameter onlyProblems: for messages about something that is missing: what is well is counted and not named.
  package func account(onlyProblems: Bool = false) -> String {
    search.folders.map { folder in
      let files = reports.filter { $0.folder == folder }
      var lines = files.filter { $0.state != .ignored && !(onlyProblems && $0.state == .usable) }.map { report in
        "\n    \(Paths.last(report.file)): \(report.state.rawValue)\(report.explanation.map { ", \($0)" } ?? "")"
      }
      let usable = onlyProblems ? files.count { $0.state == .usable } : 0
      let ignored = files.count - lines.count - usable
      if usable > 0 { lines.append("\n    \(usable) usable plugin\(usable == 1 ? "" : "s")") }
      if ignored > 0 { lines.append("\n    \(ignored) other files") }
      return "  \(folder)" + (lines.isEmpty && folder.exists ? "\n    no plugins" : lines.joined())
    }.joined(separator: "\n")
  }
}

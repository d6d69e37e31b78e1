import Glibc
import Logging
import SentryPluginAPI

extension Discovery {
  /// What is known of the files of a folder, in their order.
  package static func reports(
    on names: [String], in folder: SearchPath.Folder, examine: (inout PluginReport) -> Void
  ) -> [PluginReport] {
    var reports: [PluginReport] = []
    var callers: [String: String] = [:]
    // Manifests first: the library that one of them calls is no plugin, and is not to be probed as one.
    for name in names.filter(ForeignManifest.isManifest) + names.filter({ !ForeignManifest.isManifest($0) }) {
      var report = PluginReport(file: folder.path + "/" + name, folder: folder, state: .usable)
      var info = stat()
      if stat(report.file, &info) == 0, info.st_mode & S_IFMT == S_IFDIR { continue }
      if let caller = Paths.real(report.file).flatMap({ callers[$0] }) {
        (report.state, report.reason) = (.ignored, "the library that \(caller) calls")
      } else {
        examine(&report)
      }
      if report.state == .usable, let library = report.declaration?.foreign?.file, let real = Paths.real(library) {
        callers[real] = name
      }
      reports.append(report)
    }
    return reports.sorted { $0.file < $1.file }
  }

  static func examine(
    _ report: inout PluginReport, allowUntrusted: Bool, fresh: Bool, probe: Probe, cache: ProbeCache
  ) {
    guard report.file.hasSuffix(".so") || ForeignManifest.isManifest(report.file) else {
      report.state = .ignored
      report.reason = "its name ends neither in .so nor in \(ForeignManifest.suffix)"
      return
    }
    do {
      let key = try check(&report, allowUntrusted: allowUntrusted, cache: cache)
      let known = fresh ? nil : cache.result(for: key)
      let result = known ?? probe.run(report.file)
      if known == nil {
        Logger.host.debug("probed \(report.file): \(result.state.rawValue)")
        cache.store(result, for: key)
      }
      (report.state, report.reason, report.hint) = (result.state, result.reason, result.hint)
      report.declaration = result.declaration
    } catch {
      let error = error as? PluginError ?? PluginError(String(describing: error))
      (report.state, report.reason, report.hint) = (.refused, error.message, error.hint)
    }
  }

  /// Looks at all that would be loaded, before any of it is.
  /// - Returns: what the cache knows the result of the probe by.
  private static func check(_ report: inout PluginReport, allowUntrusted: Bool, cache: ProbeCache) throws -> String {
    func trust(_ file: String) throws {
      guard !allowUntrusted, let reason = FileTrust.objection(to: file) else { return }
      throw PluginError(reason, hint: "mend the permissions, or pass --allow-untrusted")
    }
    guard ForeignManifest.isManifest(report.file) else {
      if let reason = SharedLibraryHeader.objection(to: report.file) { throw PluginError(reason) }
      try trust(report.file)
      let hash = try cache.sha256(of: report.file)
      report.sha256 = hash
      return hash
    }
    try trust(report.file)
    report.sha256 = try cache.sha256(of: report.file)
    let library = try ForeignManifest(at: report.file).libraryFile()
    if let reason = SharedLibraryHeader.objection(to: library) {
      throw PluginError(
        "'library' is \(library): \(reason)",
        hint: "name the .so itself, built for this machine; a linker script is none")
    }
    try trust(library)
    // Where the library lies is part of what the probe declares.
    let place = Paths.real(library) ?? library
    return FileIdentity.sha256(ofText: "\(report.sha256 ?? "") \(try cache.sha256(of: library)) \(place)")
  }
}

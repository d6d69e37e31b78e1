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

  /// Looks at one file, wherever it is, as if it stood in the search path. Nothing is taken from the cache, and former crashes do
  /// not count.
  package static func report(on file: String, allowUntrusted: Bool, probe: Probe) -> PluginReport {
    let folder = SearchPath.Folder(path: Paths.folder(of: file), origin: .option, exists: true)
    var report = PluginReport(file: file, folder: folder, state: .usable)
    examine(
      &report, allowUntrusted: allowUntrusted, fresh: true, asksDevices: false, probe: probe, cache: ProbeCache(),
      crashes: [:])
    return report
  }

  static func examine(
    _ report: inout PluginReport, allowUntrusted: Bool, fresh: Bool, asksDevices: Bool, probe: Probe, cache: ProbeCache,
    crashes: [String: Int]
  ) {
    guard report.file.hasSuffix(".so") || ForeignManifest.isManifest(report.file) else {
      report.state = .ignored
      report.reason = "its name ends neither in .so nor in \(ForeignManifest.suffix)"
      return
    }
    do {
      var (files, key) = try check(&report, allowUntrusted: allowUntrusted, cache: cache)
      let known = fresh ? nil : cache.result(for: key)
      let start = cache.now()
      var result = known ?? probe.run(report.file, asksDevices: asksDevices)
      // The probe ran code of the file, which may have put another one in its place.
      try files.requireUnchanged()
      if known == nil {
        Logger.host.debug("probed \(report.file): \(result.state.rawValue)")
        result = cache.store(result, for: key, probedSince: start)
      }
      (report.state, report.reason, report.hint) = (result.state, result.reason, result.hint)
      report.declaration = result.declaration
      // What is of no use is closed.
      guard result.state == .usable else { return }
      if let runs = crashes[key], runs >= CrashRecord.limit {
        report.state = .quarantined
        report.reason = "it crashed sentry in its last \(runs) runs"
        report.hint = "repair or replace it; to try it again as it is, run: sentry plugins list --probe"
      } else {
        files.key = key
        report.files = files
      }
    } catch {
      let error = error as? PluginError ?? PluginError(String(describing: error))
      (report.state, report.reason, report.hint) = (.refused, error.message, error.hint)
    }
  }

  /// Looks at all that would be loaded, before any of it is.
  /// - Returns: what was looked at, and what the cache knows the result of its probe by.
  private static func check(
    _ report: inout PluginReport, allowUntrusted: Bool, cache: ProbeCache
  ) throws -> (PluginFiles, key: String) {
    func trust(_ file: PluginFile) throws {
      guard !allowUntrusted else { return }
      guard let reason = FileTrust.objection(to: file.path) else { return try file.requireUnchanged() }
      throw PluginError(reason, hint: "correct the permissions, or pass --allow-untrusted")
    }
    // The folder was found by this name, and links may lead from there to where it lies.
    if !allowUntrusted, let given = report.folder.given, given != report.folder.path,
      let reason = FileTrust.objection(to: given + "/" + Paths.last(report.file))
    {
      throw PluginError(reason, hint: "correct the permissions, or pass --allow-untrusted")
    }
    guard ForeignManifest.isManifest(report.file) else {
      let files = try PluginFiles(report.file)
      if let reason = try SharedLibraryHeader.objection(to: files.plugin) { throw PluginError(reason) }
      try trust(files.plugin)
      let hash = try cache.sha256(of: files.plugin)
      report.sha256 = hash
      return (files, hash)
    }
    // What a manifest that others wrote says is not even read.
    try trust(try PluginFile(report.file))
    let files = try PluginFiles(report.file)
    report.sha256 = try cache.sha256(of: files.plugin)
    guard let library = files.library else { throw PluginError("it names no library") }
    if let reason = try SharedLibraryHeader.objection(to: library) {
      throw PluginError(
        "'library' is \(library.path): \(reason)",
        hint: "name a .so file that was built for this machine, not a linker script")
    }
    try trust(library)
    // Where the library lies is part of what the probe declares.
    let place = Paths.real(library.path) ?? library.path
    return (files, FileIdentity.sha256(ofText: "\(report.sha256 ?? "") \(try cache.sha256(of: library)) \(place)"))
  }
}

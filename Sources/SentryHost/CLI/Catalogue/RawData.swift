import CSentryPlugin
import SentryDownload
import SentryFormats
import SentryPluginAPI
import SentryRuntime

/// What a preparer reads: a file or folder as it is, or an archive that was unpacked for the time being.
struct RawData {
  let path: String
  private let unpacked: ScratchFolder?

  /// - Parameter output: where the prepared data will stand; archives are unpacked beside it.
  init(_ raw: String, output: String) throws {
    guard ZipExtraction.isZip(raw) else {
      (path, unpacked) = (raw, nil)
      return
    }
    let scratch = try ScratchFolder(beside: output, for: "unpacked")
    var limits = ZipExtraction.Limits()
    if let free = Disk.freeBytes(at: scratch.path) { limits.bytes = free }
    try mappingFormatErrors {
      var lastTold = 0
      try ZipExtraction.extract(raw, to: scratch.path, limits: limits) { done, total in
        if HostState.shared.isCancelled { throw PluginError("cancelled", code: SENTRY_CANCELLED) }
        guard done - lastTold > 1 << 24 || done == total else { return }
        lastTold = done
        ProgressReports.shared.report(
          "unpacking \(Paths.last(raw)) (MB)", done: done / 1_000_000, total: total / 1_000_000)
      }
    }
    // An archive of one folder is that folder.
    let names = try SystemFile.names(in: scratch.path) ?? []
    let visible = names.filter { !$0.hasPrefix(".") && $0 != "__MACOSX" }
    if visible.count == 1, SystemFile.isFolder("\(scratch.path)/\(visible[0])") {
      path = "\(scratch.path)/\(visible[0])"
    } else {
      path = scratch.path
    }
    unpacked = scratch
  }
}

import Glibc

extension Probe {
  /// For programs that are not `sentry` themselves, and must not be started as if they were: the `sentry` beside the
  /// plugins or of their installation. Without one, the files are looked at in this process.
  package static func besidePlugins(_ search: SearchPath) -> Probe {
    let places = search.folders.filter(\.exists).flatMap { folder in
      // PREFIX/lib/sentry/plugins belongs to PREFIX/bin/sentry.
      [folder.path + "/sentry"]
        + (folder.path.hasSuffix("/lib/sentry/plugins")
          ? [folder.path.dropLast("/lib/sentry/plugins".count) + "/bin/sentry"] : [])
    }
    var probe = Probe()
    probe.executable = places.first {
      access($0, X_OK) == 0 && !SystemFile.isFolder($0) && FileTrust.objection(to: $0) == nil
    }
    return probe
  }
}

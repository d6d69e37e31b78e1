import Glibc
import SentryBase
import SentryPluginAPI

public enum Disk {
  /// Bytes that this user may still write to the disk of a folder; nil where nobody knows.
  public static func freeBytes(at folder: String) -> Int? {
    var info = statvfs()
    guard statvfs(folder, &info) == 0 else { return nil }
    let (bytes, overflow) = UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize))
    return overflow ? nil : Int(clamping: bytes)
  }

  @Sendable public static func sleep(_ seconds: Double) { usleep(UInt32(max(0, min(seconds, 3600)) * 1e6)) }

  static func size(of path: String) -> Int? {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(info.st_size)
  }

  static func exists(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
  }

  /// To be called before anything else can change `errno`.
  static func failure(_ path: String, _ what: String, _ error: SystemError = .last) -> PluginError {
    .system(
      path, what, error,
      whenFull: "free space on this disk, or choose another folder; the same command goes on from there")
  }
}

/// 9.3 MB, 5.8 GB; decimal, as disks are sold.
public enum ByteCount {
  public static func text(_ bytes: Int) -> String {
    var (value, unit) = (Double(bytes), 0)
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    guard unit > 0 else { return "\(bytes) bytes" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }
}

import Glibc

/// Whether others could have written a file that the host is about to run.
///
/// The file and every folder above it must belong to root or to the user, and nobody else may write them. A folder above with
/// the sticky bit (`/tmp`) is fine: others may add to it but not replace what is there. A group that holds nobody but its
/// user, as some distributions give to everyone, counts as the user.
enum FileTrust {
  /// - Returns: why the file is not to be trusted, or nil.
  static func objection(to path: String) -> String? {
    guard let real = Paths.real(path) else { return "cannot be read: \(Paths.lastError)" }
    if let reason = objection(toEntry: real) { return reason }
    // A link can be replaced where it stands, its target where that stands.
    let folders = [Paths.folder(of: real), Paths.real(Paths.folder(of: path))].compactMap(\.self)
    for folder in folders {
      if let reason = objection(toEntry: folder) { return reason }
      var above = folder
      while above != "/" {
        above = Paths.folder(of: above)
        if let reason = objection(toEntry: above, mayBeSticky: true) { return reason }
      }
    }
    return nil
  }

  private static func objection(toEntry path: String, mayBeSticky: Bool = false) -> String? {
    var info = stat()
    guard stat(path, &info) == 0 else { return "\(path) cannot be read: \(Paths.lastError)" }
    guard info.st_uid == 0 || info.st_uid == geteuid() else { return "\(path) belongs to another user" }
    if mayBeSticky, info.st_mode & S_ISVTX != 0 { return nil }
    if info.st_mode & S_IWOTH != 0 { return "others may write \(path)" }
    if info.st_mode & S_IWGRP != 0, !isPrivate(group: info.st_gid, of: info.st_uid) {
      return "others of its group may write \(path)"
    }
    return nil
  }

  private static func isPrivate(group: gid_t, of user: uid_t) -> Bool {
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name, entry.pointee.pw_gid == group else {
      return false
    }
    let userName = String(cString: name)
    guard let group = getgrgid(group), let groupName = group.pointee.gr_name else { return false }
    return String(cString: groupName) == userName && group.pointee.gr_mem?.pointee == nil
  }
}

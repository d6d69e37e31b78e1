import Glibc

/// Whether others could have written a file that the host is about to run.
///
/// Everything on the way to it counts: every folder, every symbolic link, and what a link leads through. Each must belong to
/// root or to the user, and nobody else may write it. A folder on the way with the sticky bit (`/tmp`) is fine: others may add
/// to it but not replace what is there; not so the folders that hold the file and the link to it. A group that holds nobody
/// but its user, as some distributions give to everyone, counts as the user.
enum FileTrust {
  /// - Returns: why what stands at the path is not to be trusted, or nil.
  static func objection(to path: String) -> String? {
    var rest = Paths.absolute(path, from: Paths.working).split(separator: "/").map(String.init)[...]
    // Free of links: what the names so far lead to.
    var (place, links) = ("/", 0)
    if let reason = objection(toEntry: place, mayBeSticky: rest.count > 1) { return reason }
    // As the system walks, one name after the other.
    while let name = rest.popFirst() {
      if name == "." { continue }
      if name == ".." {
        place = Paths.folder(of: place)
        if let reason = objection(toEntry: place, mayBeSticky: rest.count > 1) { return reason }
        continue
      }
      let next = place == "/" ? "/\(name)" : "\(place)/\(name)"
      var info = stat()
      guard lstat(next, &info) == 0 else { return "\(next) cannot be read: \(Paths.lastError)" }
      guard info.st_mode & S_IFMT == S_IFLNK else {
        place = next
        if let reason = objection(toEntry: place, mayBeSticky: rest.count > 1) { return reason }
        continue
      }
      // Who owns a link decides where it leads.
      guard isOwn(info.st_uid) else { return "the link \(next) belongs to another user" }
      links += 1
      guard links <= 40, let target = try? SystemFile.target(ofLink: next) else {
        return "the link \(next) is broken"
      }
      rest = target.split(separator: "/").map(String.init)[...] + rest
      if target.hasPrefix("/") { place = "/" }
    }
    return nil
  }

  private static func isOwn(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

  private static func objection(toEntry path: String, mayBeSticky: Bool) -> String? {
    var info = stat()
    guard stat(path, &info) == 0 else { return "\(path) cannot be read: \(Paths.lastError)" }
    guard isOwn(info.st_uid) else { return "\(path) belongs to another user" }
    if mayBeSticky, info.st_mode & S_ISVTX != 0 { return nil }
    if info.st_mode & S_IWOTH != 0 { return "other users may write \(path)" }
    if info.st_mode & S_IWGRP != 0, !isPrivate(group: info.st_gid, of: info.st_uid) {
      return "other members of its group may write \(path)"
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

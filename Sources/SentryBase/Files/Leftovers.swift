import Glibc
import Synchronization

/// Temporary files whose writers were killed. A writer holds a lock on its file as long as it lives, on whatever machine: a
/// number of a process would mean nothing there.
enum Leftovers {
  /// Unfinished files by folder, as they were when this process first wrote there: a folder may hold a hundred thousand files.
  private static let known = Mutex<[String: [String]]>([:])

  /// Removes the files of a folder that begin so and that nobody is writing.
  static func remove(_ prefix: String, in folder: String) {
    let names = known.withLock { known in
      let names = known[folder] ?? list(folder)
      known[folder] = names.filter { !$0.hasPrefix(prefix) }
      return names.filter { $0.hasPrefix(prefix) }
    }
    for name in names { removeDead("\(folder)/\(name)") }
  }

  /// Marks a new file as being written.
  /// - Returns: false where someone took it for a leftover before that.
  static func claim(_ descriptor: Int32) -> Bool {
    // A file system without locks has no such cleaning either.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return errno != EWOULDBLOCK }
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink > 0
  }

  private static func removeDead(_ path: String) {
    let descriptor = SystemError.repeating { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
      return
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
  }

  /// The names of the form `.NAME.tmp-NUMBER`; none where the folder cannot be listed.
  private static func list(_ folder: String) -> [String] {
    list(folder) { name in name[0] == 0x2E && strstr(name, ".tmp-") != nil }
  }

  static func list(_ folder: String, _ isWanted: (UnsafePointer<CChar>) -> Bool) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
      let name = start.assumingMemoryBound(to: CChar.self)
      if isWanted(name) { names.append(String(cString: name)) }
    }
    return names
  }
}

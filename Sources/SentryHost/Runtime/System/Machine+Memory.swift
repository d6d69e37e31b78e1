import Glibc

extension Machine {
  /// Bytes that this process may still take: what the system has to give without swapping, and no more than the limits of
  /// the control groups that it is in, and its own (`ulimit -v`, `-d`); nil where /proc does not tell.
  package static var availableMemoryBytes: Int? { availableMemory() }

  /// - Parameter root: where /proc and /sys are looked for.
  static func availableMemory(root: String = "") -> Int? {
    guard let system = kibibytes("MemAvailable", in: "\(root)/proc/meminfo") else { return nil }
    return ([system * 1024] + groupLimits(root: root) + ownLimits(root: root)).min()
  }

  /// Bytes of this process that are in memory.
  package static var residentMemoryBytes: Int? { kibibytes("VmRSS", in: "/proc/self/status").map { $0 * 1024 } }

  /// Lets ``peakMemoryBytes`` begin again, with what is in memory now (proc(5), clear_refs), as for another model in the same process.
  /// - Returns: false where the system does not let it.
  package static func forgetPeakMemory() -> Bool {
    let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return write(file, "5", 1) == 1
  }

  /// What is to be left of the memory that there is: for the libraries' own, and for what others take meanwhile.
  package static func memoryReserve(of available: Int) -> Int { min(max(available / 20, 32 << 20), 512 << 20) }

  /// What the process's own limits leave it: of addresses (RLIMIT_AS) and of private memory (RLIMIT_DATA).
  private static func ownLimits(root: String) -> [Int] {
    [("Max address space", "VmSize"), ("Max data size", "VmData")].compactMap { limit, used in
      guard let text = try? SystemFile.text("\(root)/proc/self/limits"),
        let line = text.split(separator: "\n").first(where: { $0.hasPrefix(limit) }),
        let most = line.dropFirst(limit.count).split(separator: " ").first.flatMap({ Int($0) }),
        let taken = kibibytes(used, in: "\(root)/proc/self/status")
      else { return nil }
      return max(0, most - taken * 1024)
    }
  }

  /// What each control group above this process leaves it: its limit less what is used and cannot be given back.
  private static func groupLimits(root: String) -> [Int] {
    let lines = ((try? SystemFile.text("\(root)/proc/self/cgroup")) ?? nil)?.split(separator: "\n") ?? []
    return lines.flatMap { line -> [Int] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let isUnified = fields[1].isEmpty
      guard isUnified || fields[1].split(separator: ",").contains("memory") else { return [] }
      let mount = isUnified ? "\(root)/sys/fs/cgroup" : "\(root)/sys/fs/cgroup/memory"
      // The limit of every group up to the root holds. In a container the mount may be the group itself.
      var (groups, path) = ([mount], "")
      for part in fields[2].split(separator: "/") {
        path += "/\(part)"
        groups.append(mount + path)
      }
      return groups.compactMap { isUnified ? unified($0) : legacy($0) }
    }
  }

  private static func unified(_ group: String) -> Int? {
    guard let limit = number("\(group)/memory.max"), let used = number("\(group)/memory.current") else { return nil }
    return max(0, limit - used + (field("inactive_file", in: "\(group)/memory.stat") ?? 0))
  }

  private static func legacy(_ group: String) -> Int? {
    guard let limit = number("\(group)/memory.limit_in_bytes"), let used = number("\(group)/memory.usage_in_bytes")
    else { return nil }
    return max(0, limit - used + (field("total_inactive_file", in: "\(group)/memory.stat") ?? 0))
  }

  /// A file that holds one number; nil for "max", which is no limit.
  private static func number(_ file: String) -> Int? {
    guard let text = try? SystemFile.text(file) else { return nil }
    return Int(text.filter { !$0.isWhitespace })
  }

  /// `name 123` among the lines of a file.
  private static func field(_ name: String, in file: String) -> Int? {
    guard let text = try? SystemFile.text(file) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("\(name) ") {
      return Int(line.dropFirst(name.count + 1))
    }
    return nil
  }

  /// `name:  123 kB` among the lines of a file.
  private static func kibibytes(_ name: String, in file: String) -> Int? {
    guard let text = try? SystemFile.text(file) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("\(name):") {
      return Int(line.dropFirst(name.count + 1).filter(\.isNumber))
    }
    return nil
  }
}

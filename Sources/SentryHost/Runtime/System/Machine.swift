import Glibc

/// What a run ran on.
package struct Machine: Codable, Sendable, Equatable {
  package var cpu: String
  package var cores: Int
  package var memoryBytes: Int
  package var system: String

  enum CodingKeys: String, CodingKey {
    case cpu, cores, system
    case memoryBytes = "memory_bytes"
  }

  /// CPU cores that are online.
  package static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The numbers of the CPU cores that this process may use: a launcher may have bound it to some.
  package static var allowedCores: [Int] {
    let list = field("Cpus_allowed_list", in: "/proc/self/status", separator: ":") ?? ""
    let cores = list.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else { return [] }
      return Array(first...last)
    }
    return cores.isEmpty ? Array(0..<coreCount) : cores
  }

  /// This machine; what /proc and /etc do not tell is called unknown.
  package static var current: Machine {
    Machine(
      cpu: field("model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown",
      cores: coreCount,
      memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
      system: field("PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? "unknown")
  }

  /// The most memory that this process ever held.
  package static var peakMemoryBytes: Int {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// Seconds since this process was started, to 0.01.
  package static var secondsSinceStart: Double {
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    let seconds = Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    // Field 22 of /proc/self/stat, counted behind the name, which may hold blanks.
    guard let text = try? SystemFile.text("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return 0 }
    let fields = text[end...].split(separator: " ")
    guard fields.count > 20, let ticks = Double(fields[20]) else { return 0 }
    return seconds - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func field(_ name: String, in file: String, separator: Character) -> String? {
    guard let text = try? SystemFile.text(file) else { return nil }
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: separator, maxSplits: 1)
      guard parts.count == 2, parts[0].filter({ $0 != "\t" }) == name else { continue }
      return parts[1].drop { $0 == " " || $0 == "\t" }.filter { $0 != "\"" }
    }
    return nil
  }
}

/// Time that only goes forward, whatever becomes of the wall clock.
package enum MonotonicClock {
  /// Seconds from an arbitrary moment.
  package static let seconds: @Sendable () -> Double = {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

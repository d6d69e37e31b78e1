import Glibc

/// Our side of Benchmarks/bench/worker.py: says once that it is warm, then measures a round for every line that it reads.
public struct Worker {
  public enum Clock { case wall, processor }

  /// What one pass goes over.
  private let items: Int
  private let passes: Int
  /// nil: one for every line on standard input.
  private let rounds: Int?
  private let clock: Clock

  public init(items: Int, passes: Int, rounds: Int? = nil, clock: Clock = .wall) {
    (self.items, self.passes, self.rounds, self.clock) = (items, passes, rounds, clock)
  }

  /// - Parameter information: what it says once it is warm, in JSON.
  /// - Returns: how many passes were measured.
  public func serve(telling information: String = "{}", _ pass: () throws -> Void) rethrows -> Int {
    Self.say(information)
    var round = 0
    while rounds.map({ round < $0 }) ?? (readLine() != nil) {
      var times: [Double] = []
      for _ in 0..<passes {
        let start = seconds()
        try pass()
        times.append(seconds() - start)
      }
      round += 1
      Self.say("{\"seconds\": \(times), \"items\": \(items)}")
    }
    return round * passes
  }

  public static func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  private func seconds() -> Double {
    var time = timespec()
    clock_gettime(clock == .wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The most memory that this process ever had, as Benchmarks/bench/memory.py reads it of others. (`getrusage` would count
/// what the parent had before `exec`.)
public func peakBytes() -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, 256, file) != nil {
    let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    if words.first == "VmHWM:", words.count > 1 { return (Int(words[1]) ?? 0) * 1024 }
  }
  return 0
}

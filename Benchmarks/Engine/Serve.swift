import EmotionDenseNet
import Glibc
import SentryNN

/// The worker's side of Benchmarks/bench/worker.py: warms up with one pass, says so, then measures a round for every line.
func serve(_ network: EmotionNet, _ options: NetworkOptions, items: Int, _ pass: () throws -> Void) throws {
  let context = network.context
  try pass()
  _ = context.takeProfile()
  say("{\"implementations\": \"\(network.implementations.sorted().joined(separator: " "))\"}")
  var (round, passes) = (0, 0)
  while options.rounds.map({ round < $0 }) ?? (readLine() != nil) {
    var times: [Double] = []
    for _ in 0..<options.passes {
      let start = seconds()
      try pass()
      times.append(seconds() - start)
    }
    round += 1
    passes += options.passes
    say("{\"seconds\": \(times), \"items\": \(items)}")
  }
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let milliseconds = context.takeProfile().filter { $0.seconds > 0 }
    .map { "\"\($0.operation)\": \($0.seconds * 1e3 / Double(max(1, passes)))" }
  let profile = options.profile ? ", \"profile_ms\": {\(milliseconds.joined(separator: ", "))}" : ""
  say("{\"peak_bytes\": \(usage.ru_maxrss * 1024)\(profile)}")
}

private func say(_ line: String) {
  print(line)
  fflush(nil)
}

private func seconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

import EmotionDenseNet
import Glibc
import SentryNN

/// The worker's side of Benchmarks/bench/worker.py: warms up with one pass, says so, then measures a round for every line.
///
/// - Parameter base: what the process had taken before the network was made.
func serve(_ network: EmotionNet, _ options: NetworkOptions, items: Int, base: Int, _ pass: () throws -> Void) throws {
  let context = network.context
  try pass()
  if options.profile { _ = context.takeProfile() }
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
  var profile = ""
  if options.profile {
    let milliseconds = context.takeProfile().filter { $0.seconds > 0 }
      .map { "\"\($0.operation)\": \($0.seconds * 1e3 / Double(max(1, passes)))" }
    profile = ", \"profile_ms\": {\(milliseconds.joined(separator: ", "))}"
  }
  let estimate = network.estimatedTrainingBytes(batch: items)
  say("{\"peak_bytes\": \(peakBytes()), \"base_bytes\": \(base), \"estimated_bytes\": \(estimate)\(profile)}")
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

/// The most memory that this process ever had. (`getrusage` would count what the parent had before `exec`.)
func peakBytes() -> Int {
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

import Glibc

/// The worker's side of Benchmarks/bench/worker.py: warms up with one pass, says so, then measures a round for every line.
func serve(_ options: StepOptions, items: Int, _ pass: () throws -> Void) throws {
  try pass()
  say("{}")
  var round = 0
  while options.rounds.map({ round < $0 }) ?? (readLine() != nil) {
    var times: [Double] = []
    for _ in 0..<options.passes {
      let start = seconds()
      try pass()
      times.append(seconds() - start)
    }
    round += 1
    say("{\"seconds\": \(times), \"items\": \(items)}")
  }
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  say("{\"peak_bytes\": \(usage.ru_maxrss * 1024)}")
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

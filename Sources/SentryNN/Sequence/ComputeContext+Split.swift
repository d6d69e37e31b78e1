extension ComputeContext {
  /// Runs `body` once a thread, each with its share of `count` in order: 0 ..< count cut at multiples of `step`.
  func split(_ count: Int, by step: Int = 1, _ body: (Range<Int>, Workspace) throws -> Void) throws {
    let (parts, units) = (threadCount, (count + step - 1) / step)
    try run(parts) { part, workspace in
      let range = min(count, units * part / parts * step)..<min(count, units * (part + 1) / parts * step)
      if !range.isEmpty { try body(range, workspace) }
    }
  }
}

import SentryPluginAPI

/// Makes texts that are nearly right: what a reader of JSON or YAML meets by mistake or by malice.
struct TextMutator {
  private var state: UInt64
  private let seeds: [[UInt8]]

  init(seeds: [[UInt8]], seed: UInt64) { (self.seeds, state) = (seeds, seed) }

  /// Texts that mean something to a reader.
  private static let tokens = [
    "{", "}", "[", "]", ":", ",", "\"", "null", "true", "NaN", "-0", "1e999", "-9223372036854775809",
    "18446744073709551616",
    "0.1e-400", "\\ud800", "\\u0000", "\"\":", "{\"a\":{}}", "\u{0}", "\u{feff}", "\u{1b}[2J", "&a ", "*a", "<<: *a\n",
    "!!int ",
    "!!binary |\n ", "? ", "- ", "|\n ", ">\n ", "---\n", "...\n", "%YAML 9.9\n", "\t", "\r\n", "# x\n", "0x", "0o8",
    ".inf",
    "2001-02-30", "\u{301}", "\u{2028}",
  ].map { Array($0.utf8) }

  private mutating func random(below limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return limit > 0 ? Int((state >> 33) % UInt64(limit)) : 0
  }

  /// The next text, of at most 64 KiB.
  mutating func next() -> [UInt8] {
    var text = seeds[random(below: seeds.count)]
    for _ in 0...random(below: 4) { change(&text) }
    return Array(text.prefix(1 << 16))
  }

  private mutating func change(_ text: inout [UInt8]) {
    let start = random(below: text.count + 1)
    let range = start..<min(text.count, start + random(below: 24))
    switch random(below: 9) {
    case 0: text.removeSubrange(range)
    case 1: text.insert(contentsOf: text[range], at: start)
    case 2: text.insert(contentsOf: [UInt8].repeated(Array(text[range]), 1 + random(below: 200)), at: start)
    case 3: text.insert(contentsOf: Self.tokens[random(below: Self.tokens.count)], at: start)
    case 4: text.replaceSubrange(range, with: Self.tokens[random(below: Self.tokens.count)])
    case 5: text.insert(contentsOf: [UInt8](repeating: 0x5B, count: 1 + random(below: 3000)), at: start)
    case 6: text = Array(text[..<start])
    case 7:
      let other = seeds[random(below: seeds.count)]
      text.insert(contentsOf: other[random(below: other.count)...].prefix(64), at: start)
    default: if start < text.count { text[start] = UInt8(random(below: 256)) }
    }
  }
}

extension [UInt8] {
  fileprivate static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] { (0..<count).flatMap { _ in bytes } }
}

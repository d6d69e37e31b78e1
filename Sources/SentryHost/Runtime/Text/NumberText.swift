import Glibc

/// Numbers as text, without Foundation, which would cost start-up time.
package enum NumberText {
  /// As `%.*f`.
  package static func fixed(_ value: Double, _ digits: Int) -> String { text("%.*f", digits, value) }

  /// As `%.*e`.
  package static func scientific(_ value: Double, _ digits: Int) -> String { text("%.*e", digits, value) }

  /// `1 epoch`, `3 epochs`.
  package static func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// h:mm:ss or m:ss.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(max(0, seconds).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  /// 1.2 GB, 35 MB.
  package static func bytes(_ count: Int) -> String {
    count >= 1_000_000_000 ? "\(fixed(Double(count) / 1e9, 2)) GB" : "\(fixed(Double(count) / 1e6, 0)) MB"
  }

  package static func padded(_ text: String, to width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + space : space + text
  }

  private static func text(_ format: String, _ digits: Int, _ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    let length = withVaList([Int32(digits), value]) { vsnprintf(&buffer, buffer.count, format, $0) }
    return String(
      decoding: buffer.prefix(max(0, min(Int(length), buffer.count - 1))).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

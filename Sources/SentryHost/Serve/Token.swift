/// The secret of a server that others than this machine reach.
struct Token: Sendable {
  let text: String
  /// Of its own for each server: browsers keep cookies by machine, not by port.
  let cookie: String

  /// 128 random bits.
  init() {
    var random = SystemRandomNumberGenerator()
    self.init(
      text: (0..<2).map { _ in Self.hexadecimal(random.next()) }.joined(), cookie: Self.hexadecimal(random.next()))
  }

  init(text: String, cookie: String) { (self.text, self.cookie) = (text, "sentry-\(cookie)") }

  /// Takes as long for a right beginning as for a wrong one.
  func matches(_ other: String) -> Bool {
    let (mine, theirs) = (Array(text.utf8), Array(other.utf8))
    var difference = mine.count ^ theirs.count
    for index in mine.indices {
      difference |= Int(mine[index] ^ (index < theirs.count ? theirs[index] : 0))
    }
    return difference == 0
  }

  /// The header that lets the page's own requests in.
  var setCookie: String { "\(cookie)=\(text); Path=/; HttpOnly; SameSite=Strict" }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

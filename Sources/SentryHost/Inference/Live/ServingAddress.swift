import Glibc
import SentryPluginAPI

/// Where a server of live frames listens.
package struct ServingAddress: Sendable {
  package enum Family: Sendable { case ip4, ip6 }

  package static let defaultPort: UInt16 = 8765

  package let family: Family
  /// Digits.
  package let address: String
  /// 0: any free one.
  package let port: UInt16

  /// - Parameters:
  ///   - address: IPv4 or IPv6 of this machine, `localhost`, or nil for that.
  ///   - port: a number; 0: any free one.
  /// - Throws: ``PluginError`` for a text that is neither.
  package init(address: String? = nil, port: String) throws {
    guard let number = UInt16(port), port.allSatisfy(\.isASCII) else {
      throw PluginError.invalid("'\(port)' is no port", hint: "--serve takes a number from 0 (any free port) to 65535")
    }
    self.port = number
    switch address {
    case nil, "localhost": (family, self.address) = (.ip4, "127.0.0.1")
    case let address?:
      var room = in6_addr()
      if inet_pton(AF_INET, address, &room) == 1 {
        family = .ip4
      } else if inet_pton(AF_INET6, address, &room) == 1 {
        family = .ip6
      } else {
        throw PluginError.invalid(
          "'\(address)' is no address", hint: "--bind takes an address of this machine, such as 0.0.0.0 for all it has")
      }
      self.address = address
    }
  }

  /// Whether only this machine reaches it.
  package var isLoopback: Bool { family == .ip4 ? address.hasPrefix("127.") : address == "::1" }

  /// The names under which a browser on this machine reaches a loopback address.
  package var names: Set<String> { ["localhost", "127.0.0.1", "[::1]", Self.bracketed(address)] }

  /// What to open in a browser.
  package func url(port: UInt16, token: String?) -> String {
    let host = ["0.0.0.0", "::"].contains(address) ? Self.reachable ?? address : address
    return "http://\(Self.bracketed(host)):\(port)/" + (token.map { "?token=\($0)" } ?? "")
  }

  private static func bracketed(_ address: String) -> String { address.contains(":") ? "[\(address)]" : address }

  /// The first IPv4 address of this machine that others may reach.
  private static var reachable: String? {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
      guard let entry = entry?.pointee, let address = entry.ifa_addr, address.pointee.sa_family == AF_INET else {
        continue
      }
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let size = socklen_t(MemoryLayout<sockaddr_in>.size)
      guard getnameinfo(address, size, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { continue }
      let digits = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if !digits.hasPrefix("127.") { return digits }
    }
    return nil
  }
}

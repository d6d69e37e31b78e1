import CSentryPlugin
import SentryPluginAPI

extension World {
  /// Sums values over all ranks in place.
  package func sum(_ values: inout [Double], of what: String) throws {
    guard let operations, !values.isEmpty else { return }
    try values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let tensor = Tensor([values.count], .float64, over: base)
      try operations.wait(for: operations.start(titled(what)) { try $0.startSum(tensor) })
    }
  }

  /// Starts to sum a tensor over all ranks in place.
  func startSum(_ tensor: Tensor) throws -> UInt64? {
    guard let operations else { return nil }
    return try operations.start(titled("the sum of \(tensor.dtype.rawValue) \(tensor.shape)")) {
      try $0.startSum(tensor)
    }
  }

  /// The bytes of every rank, in the order of the ranks.
  /// - Parameter quietly: the others may take as long as they like.
  func gatherBytes(_ bytes: [UInt8], of what: String, quietly: Bool = false) throws -> [[UInt8]] {
    guard let operations else { return [bytes] }
    func equal(_ part: [UInt8]) throws -> [UInt8] {
      var all = [UInt8](repeating: 0, count: part.count * size)
      try part.withUnsafeBytes { part in
        try all.withUnsafeMutableBytes { all in
          try operations.wait(
            for: operations.start(titled(what)) { try $0.startGather(part, into: all) }, quietly: quietly)
        }
      }
      return all
    }
    let lengths = try equal(withUnsafeBytes(of: UInt64(bytes.count)) { Array($0) })
    let counts = (0..<size).map { rank in
      (0..<8).reduce(0) { $0 | Int(lengths[rank * 8 + $1]) << (8 * $1) }
    }
    let longest = max(counts.max() ?? 0, 1)
    let all = try equal(bytes + [UInt8](repeating: 0, count: longest - bytes.count))
    return counts.enumerated().map { Array(all[$0 * longest..<$0 * longest + $1]) }
  }

  /// The values of all ranks, in the order of the ranks.
  package func gather<Value: Codable>(_ value: Value, of what: String = "what ranks tell each other") throws -> [Value]
  {
    guard size > 1 else { return [value] }
    return try gatherBytes(Array(try JSON.text(value).utf8), of: what).map {
      try JSON.decode(Value.self, from: String(decoding: $0, as: UTF8.self), what: what)
    }
  }

  /// The leader's bytes on all ranks, in place.
  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer, of what: String) throws {
    guard let operations, bytes.count > 0 else { return }
    // More than 2^31 bytes at once are not for every communicator.
    for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
      let part = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 30, bytes.count)])
      try operations.wait(for: operations.start(titled(what)) { try $0.startBroadcast(part, root: 0) })
    }
  }

  /// The leader's value on all ranks.
  /// - Parameter value: the leader's; what others pass is not looked at.
  package func broadcast<Value: Codable>(_ value: Value?, of what: String) throws -> Value? {
    guard size > 1 else { return value }
    let own = isLeader ? try value.map { Array(try JSON.text($0).utf8) } : nil
    guard let text = try gatherBytes(own ?? [], of: what).first, !text.isEmpty else { return nil }
    return try JSON.decode(Value.self, from: String(decoding: text, as: UTF8.self), what: what)
  }

  private func titled(_ what: String) -> String { place.isEmpty ? what : "\(what) in \(place)" }
}

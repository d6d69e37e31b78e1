import SentryPluginAPI

/// Where one sample is read from when it is asked for.
public protocol SampleSource: Sendable {
  /// For messages and tables: a path, a row.
  var name: String { get }

  /// uint8 [height, width, channels].
  ///
  /// - Throws: ``PluginError`` (bad data) naming the file or row and the remedy.
  func read() throws -> Tensor

  /// Equal for equal contents; nil where they cannot be read, which ``read()`` then reports.
  func fingerprint() -> Fingerprint?
}

/// 128 bits of a hash over contents: equal within one process only.
public struct Fingerprint: Hashable, Sendable {
  private let high, low: Int

  public init(_ bytes: UnsafeRawBufferPointer) {
    func hash(_ salt: UInt8) -> Int {
      var hasher = Hasher()
      hasher.combine(salt)
      hasher.combine(bytes: bytes)
      return hasher.finalize()
    }
    (high, low) = (hash(0), hash(1))
  }
}

import SentryPluginAPI
import Synchronization

/// The values of `.npy` files, read when they are asked for and kept as long as there is room, since every epoch reads them
/// all.
public final class ArrayStore: Sendable {
  private struct Kept {
    var values: [String: [Float]] = [:]
    var bytes = 0
  }
  private let kept = Mutex(Kept())
  private let room: Int

  /// - Parameter room: bytes that are kept at most.
  public init(room: Int = 1 << 30) { self.room = room }

  /// Row by row. Throws ``PluginError`` (bad data) that names the file.
  public func values(of file: ArrayFolder.File) throws -> [Float] {
    if let values = kept.withLock({ $0.values[file.path] }) { return values }
    let values = try ArrayFolder.values(of: file)
    kept.withLock {
      let bytes = values.count * MemoryLayout<Float>.size
      guard $0.values[file.path] == nil, $0.bytes + bytes <= room else { return }
      $0.values[file.path] = values
      $0.bytes += bytes
    }
    return values
  }
}

import CSentryPlugin
import SentryFormats
import SentryPluginAPI

/// The extension of the host that reads files of weights for plugins.
enum HostWeights {
  /// Never freed.
  nonisolated(unsafe) static let table: UnsafePointer<sentry_host_weights> = {
    let size = MemoryLayout<sentry_host_weights>.size
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let table = memory.assumingMemoryBound(to: sentry_host_weights.self)
    table.pointee.struct_size = UInt32(size)
    table.pointee.open = { _, path, out, error in
      guarded(error) {
        let path = String(cString: path)
        let file = try mappingFormatErrors { try LentWeights(path) }
        out.pointee = OpaquePointer(Unmanaged.passRetained(file).toOpaque())
      }
    }
    table.pointee.count = { Int64(lent($0).tensors.count) }
    table.pointee.tensor = { file, index, out, error in guarded(error) { try lent(file).fill(out, at: index) } }
    table.pointee.close = { Unmanaged<LentWeights>.fromOpaque(UnsafeRawPointer($0)).release() }
    return UnsafePointer(table)
  }()

  private static func lent(_ file: OpaquePointer) -> LentWeights {
    Unmanaged<LentWeights>.fromOpaque(UnsafeRawPointer(file)).takeUnretainedValue()
  }
}

/// An open file of weights: its tensors, until the plugin closes it.
private final class LentWeights: Sendable {
  /// One by one, so that a tensor of a type that the border lacks is an error only for who asks for it.
  let tensors: [Result<NamedTensorViews, PluginError>]

  /// - Throws: ``FormatError`` that names the file.
  init(_ path: String) throws {
    tensors = try WeightsFile(path).tensors.map { raw, stored in
      guard let dtype = SentryPluginAPI.DType(stored.dtype) else {
        return .failure(.badData("\(path): \(raw) is of the type \(stored.dtype), which a plugin cannot take"))
      }
      let tensor = Tensor(stored.shape, dtype)
      try stored.copyBytes(into: UnsafeMutableRawBufferPointer(start: tensor.data, count: tensor.byteCount))
      return .success(NamedTensorViews([NamedTensor(WeightsFile.unwrapped(raw), tensor, role: .frozen)]))
    }
  }

  func fill(_ out: UnsafeMutablePointer<sentry_named_tensor>, at index: Int64) throws {
    guard tensors.indices.contains(Int(index)) else {
      throw PluginError.invalid("tensor \(index) does not exist, there are \(tensors.count)")
    }
    try tensors[Int(index)].get().fill(out, at: 0)
  }
}

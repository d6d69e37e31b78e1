public import CSentryPlugin

extension Tensor {
  /// Passes the tensor of the border to `body`, which must not keep it.
  public static func borrowed<R>(_ tensor: UnsafePointer<sentry_tensor>, _ body: (Tensor) throws -> R) throws -> R {
    try body(try Tensor(viewing: tensor) {})
  }

  /// A tensor whose memory the other side keeps valid.
  public convenience init(unowned tensor: UnsafePointer<sentry_tensor>) throws { try self.init(viewing: tensor) {} }

  /// Takes ownership of a tensor from the other side; the deinitialiser frees it.
  public convenience init(adopting managed: UnsafeMutablePointer<sentry_managed_tensor>) throws {
    let owned = SendablePointer(managed)
    let free: @Sendable () -> Void = {
      let managed = owned.pointer.assumingMemoryBound(to: sentry_managed_tensor.self)
      managed.pointee.deleter?(managed)
    }
    let view: (shape: [Int], dtype: DType, data: UnsafeMutableRawPointer, device: sentry_device)
    do {
      guard managed.pointee.dlpack_major == 1 else {
        throw PluginError("a tensor of DLPack \(managed.pointee.dlpack_major), expected 1.x")
      }
      view = try withUnsafePointer(to: managed.pointee.tensor) { try Self.checked($0) }
    } catch {
      free()
      throw error
    }
    self.init(view.shape, view.dtype, over: view.data, device: view.device, release: free)
  }

  private convenience init(viewing tensor: UnsafePointer<sentry_tensor>, release: @escaping @Sendable () -> Void) throws
  {
    let view = try Self.checked(tensor)
    self.init(view.shape, view.dtype, over: view.data, device: view.device, release: release)
  }

  /// What the receiver relies on: a known type, a plausible shape, aligned memory, and row-major strides on the CPU.
  private static func checked(
    _ tensor: UnsafePointer<sentry_tensor>
  ) throws -> (shape: [Int], dtype: DType, data: UnsafeMutableRawPointer, device: sentry_device) {
    let t = tensor.pointee
    guard let dtype = DType(t.dtype) else {
      throw PluginError("a tensor of unknown type (code \(t.dtype.code), \(t.dtype.bits) bits, \(t.dtype.lanes) lanes)")
    }
    guard (0...16).contains(t.ndim), let dims = t.shape ?? (t.ndim == 0 ? UnsafeMutablePointer(bitPattern: 8) : nil)
    else {
      throw PluginError("a tensor of rank \(t.ndim) without a shape")
    }
    let shape = (0..<Int(t.ndim)).map { Int(dims[$0]) }
    guard let bytes = PhysicalMemory.bytes(of: shape, each: dtype.size) else {
      throw PluginError("a tensor of impossible shape \(shape), which is negative or larger than this machine's memory")
    }
    // Only of memory that this side reads: a device lays its tensors out as it likes.
    if let strides = t.strides, bytes > 0, t.device.device_type == SENTRY_DEVICE_CPU {
      var expected = 1
      for axis in shape.indices.reversed() {
        guard shape[axis] == 1 || Int(strides[axis]) == expected else {
          throw PluginError(
            "a tensor of shape \(shape) that is not row-major", hint: "make it contiguous before it crosses the border")
        }
        expected *= shape[axis]
      }
    }
    guard let base = t.data else { throw PluginError("a tensor without data") }
    let data = base + Int(t.byte_offset)
    guard UInt(bitPattern: data) % UInt(dtype.size) == 0 else {
      throw PluginError("a tensor that is not aligned to its elements")
    }
    return (shape, dtype, data, t.device)
  }

  /// Passes a `sentry_tensor` to `body`; it is valid only during the call.
  public func withBorderTensor<R>(_ body: (UnsafeMutablePointer<sentry_tensor>) throws -> R) rethrows -> R {
    let view = TensorView(self)
    return try withExtendedLifetime(view) { try body(view.pointer) }
  }

  /// Transfers ownership to the receiver, which must call the deleter.
  public func exported() -> UnsafeMutablePointer<sentry_managed_tensor> {
    let managed = borderAllocate(size: MemoryLayout<sentry_managed_tensor>.size, sentry_managed_tensor.self)
    let view = TensorView(self)
    managed.pointee.dlpack_major = 1
    managed.pointee.dlpack_minor = 0
    managed.pointee.flags = 0
    managed.pointee.tensor = view.pointer.pointee
    managed.pointee.manager_ctx = Unmanaged.passRetained(view).toOpaque()
    managed.pointee.deleter = { managed in
      guard let context = managed.pointee.manager_ctx else { return }
      managed.deallocate()
      Unmanaged<TensorView>.fromOpaque(context).release()
    }
    return managed
  }
}

/// A `sentry_tensor` with the memory of its shape and strides, and the tensor that it shows.
final class TensorView: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<sentry_tensor>
  private let dims: UnsafeMutablePointer<Int64>
  private let tensor: Tensor

  init(_ tensor: Tensor) {
    self.tensor = tensor
    let rank = tensor.shape.count
    dims = .allocate(capacity: max(rank * 2, 1))
    var stride = 1
    for axis in tensor.shape.indices.reversed() {
      dims[axis] = Int64(tensor.shape[axis])
      dims[rank + axis] = Int64(stride)
      stride *= tensor.shape[axis]
    }
    pointer = borderAllocate(size: MemoryLayout<sentry_tensor>.size, sentry_tensor.self)
    pointer.pointee = sentry_tensor(
      data: tensor.data, device: sentry_device(device_type: tensor.deviceType, device_id: tensor.deviceID),
      ndim: Int32(rank), dtype: tensor.dtype.border, shape: dims, strides: dims + rank, byte_offset: 0)
  }

  deinit {
    pointer.deallocate()
    dims.deallocate()
  }
}

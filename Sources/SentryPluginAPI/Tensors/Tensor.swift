public import CSentryPlugin

/// A row-major tensor. It owns its memory, borrows memory, or keeps a tensor alive that came across the border.
///
/// Values are shared, not copied: every holder of the tensor sees every change. The caller must not read and write at once.
public final class Tensor: @unchecked Sendable {
  public let shape: [Int]
  public let dtype: DType
  /// A DLPack device type. Only the memory of `SENTRY_DEVICE_CPU` can be read by this process.
  public let deviceType: Int32
  /// Which of the devices of that type.
  public let deviceID: Int32
  /// The first element; 64-byte aligned if the tensor owns its memory.
  public let data: UnsafeMutableRawPointer
  private let release: @Sendable () -> Void

  public var count: Int { shape.reduce(1, *) }
  public var byteCount: Int { count * dtype.size }

  /// A tensor with memory of its own, zeroed.
  public init(_ shape: [Int], _ dtype: DType = .float32) {
    let bytes = max(shape.reduce(1, *) * dtype.size, 1)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    (self.shape, self.dtype, data, deviceType, deviceID) = (shape, dtype, memory, SENTRY_DEVICE_CPU, 0)
    let owned = SendablePointer(memory)
    release = { owned.pointer.deallocate() }
  }

  /// A tensor over memory that `owner` keeps valid; without an owner, the caller must keep it valid.
  public init(
    _ shape: [Int], _ dtype: DType = .float32, over data: UnsafeMutableRawPointer,
    owner: (any AnyObject & Sendable)? = nil,
    deviceType: Int32 = SENTRY_DEVICE_CPU, deviceID: Int32 = 0
  ) {
    (self.shape, self.dtype, self.data) = (shape, dtype, data)
    (self.deviceType, self.deviceID) = (deviceType, deviceID)
    release = { withExtendedLifetime(owner) {} }
  }

  init(
    _ shape: [Int], _ dtype: DType, over data: UnsafeMutableRawPointer, device: sentry_device,
    release: @escaping @Sendable () -> Void
  ) {
    (self.shape, self.dtype, self.data, self.release) = (shape, dtype, data, release)
    (deviceType, deviceID) = (device.device_type, device.device_id)
  }

  /// A tensor filled from an array, row by row.
  public convenience init<Element: TensorElement>(_ shape: [Int], _ values: [Element]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape)")
    self.init(shape, Element.dtype)
    values.withUnsafeBytes { data.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(data), byteCount: $0.count) }
  }

  deinit { release() }

  /// The elements. Valid while the tensor is held.
  ///
  /// - Throws: ``PluginError`` if the elements are of another type or not on the CPU.
  public func elements<Element: TensorElement>(as type: Element.Type = Element.self) throws
    -> UnsafeMutableBufferPointer<Element>
  {
    guard dtype == Element.dtype, deviceType == SENTRY_DEVICE_CPU else {
      throw PluginError.invalid(
        "expected a \(Element.dtype) tensor on the CPU, got \(dtype) \(shape) on device type \(deviceType)")
    }
    return UnsafeMutableBufferPointer(start: data.assumingMemoryBound(to: Element.self), count: count)
  }

  /// A copy of the elements.
  public func array<Element: TensorElement>(of type: Element.Type = Element.self) throws -> [Element] {
    try withExtendedLifetime(self) { Array(try elements(as: type)) }
  }

  /// Copies the elements of a tensor of the same type and shape.
  public func copy(from other: Tensor) throws {
    guard other.shape == shape, other.dtype == dtype, deviceType == SENTRY_DEVICE_CPU,
      other.deviceType == SENTRY_DEVICE_CPU
    else { throw PluginError.invalid("cannot copy \(other.dtype) \(other.shape) into \(dtype) \(shape)") }
    data.copyMemory(from: other.data, byteCount: byteCount)
  }
}

struct SendablePointer: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}

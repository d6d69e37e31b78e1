import CSentryKernels

/// How activations are stored. Kernels compute in float whatever it is.
protocol Element {
  /// Sixteen neighbours from `index` (in elements) on.
  static func load(_ pointer: UnsafeMutableRawPointer, _ index: Int) -> Lanes
  static func store(_ values: Lanes, _ pointer: UnsafeMutableRawPointer, _ index: Int)
}

enum Single: Element {
  @inline(__always) static func load(_ pointer: UnsafeMutableRawPointer, _ index: Int) -> Lanes {
    pointer.loadUnaligned(fromByteOffset: 4 * index, as: Lanes.self)
  }

  @inline(__always) static func store(_ values: Lanes, _ pointer: UnsafeMutableRawPointer, _ index: Int) {
    pointer.storeBytes(of: values, toByteOffset: 4 * index, as: Lanes.self)
  }
}

enum BFloat16: Element {
  @inline(__always) static func load(_ pointer: UnsafeMutableRawPointer, _ index: Int) -> Lanes {
    sentry_bf16_load(pointer + 2 * index)
  }

  @inline(__always) static func store(_ values: Lanes, _ pointer: UnsafeMutableRawPointer, _ index: Int) {
    sentry_bf16_store(pointer + 2 * index, values)
  }
}

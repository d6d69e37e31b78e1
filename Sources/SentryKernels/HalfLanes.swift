import CSentryKernels

/// Eight channels: what networks of few channels count in.
typealias HalfLanes = SIMD8<Float>

@inline(__always) func loadHalf(_ pointer: Source) -> HalfLanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: HalfLanes.self)
}

@inline(__always) func loadHalf(_ pointer: Target) -> HalfLanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: HalfLanes.self)
}

@inline(__always) func store(_ value: HalfLanes, _ pointer: Target) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: HalfLanes.self)
}

/// a · b + c in one rounding.
@inline(__always) func fused(_ a: HalfLanes, _ b: HalfLanes, _ c: HalfLanes) -> HalfLanes { c.addingProduct(a, b) }

@inline(__always) func accumulate(_ values: HalfLanes, into sums: Sums) {
  accumulate(sentry_widen8(values), into: sums)
}

@inline(__always) func accumulate(_ values: SIMD8<Double>, into sums: Sums) {
  let old = UnsafeRawPointer(sums).loadUnaligned(as: SIMD8<Double>.self)
  UnsafeMutableRawPointer(sums).storeBytes(of: old + values, as: SIMD8<Double>.self)
}

@inline(__always) func larger(_ a: Int, _ b: Int) -> Int { a > b ? a : b }

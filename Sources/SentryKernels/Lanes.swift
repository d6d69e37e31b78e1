import CSentryKernels

/// Sixteen channels: one register of AVX-512, two of AVX2. Both levels so add up in the same order.
///
/// This module is compiled once per CPU level, so it holds raw pointers and SIMD alone: a generic of the standard library
/// that is specialised here would replace the plain copy in the whole executable (Tests/kernels-check.sh counts them).
/// Kernels are generic over our own ``Element`` only, and always inlined into the closures of the table.
typealias Lanes = SIMD16<Float>
typealias Source = UnsafePointer<Float>
typealias Target = UnsafeMutablePointer<Float>
typealias Sums = UnsafeMutablePointer<Double>
typealias Stored = UnsafeMutableRawPointer

/// Pixels whose sums are kept in float before they are added to the doubles.
var flushInterval: Int { @inline(__always) get { 512 } }

@inline(__always) func load(_ pointer: Source) -> Lanes { UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self) }

@inline(__always) func load(_ pointer: Target) -> Lanes { UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self) }

@inline(__always) func store(_ value: Lanes, _ pointer: Target) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
}

/// Where `values` is not positive, 0. A NaN stays, as in PyTorch.
@inline(__always) func relu(_ values: Lanes) -> Lanes {
  values.replacing(with: Lanes(repeating: 0), where: values .< 0)
}

/// Where a maximum moves on to a value. A NaN wins and stays, as in PyTorch.
@inline(__always) func exceeds(_ values: Lanes, _ best: Lanes) -> SIMDMask<Lanes.MaskStorage> {
  (values .> best) .| (values .!= values)
}

/// `upstream` where `value` is positive, else 0.
@inline(__always) func reluBackward(_ upstream: Lanes, by value: Lanes) -> Lanes {
  Lanes(repeating: 0).replacing(with: upstream, where: value .> 0)
}

/// a · b + c in one rounding.
@inline(__always) func fused(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes { c.addingProduct(a, b) }

@inline(__always) func accumulate(_ values: Lanes, into sums: Sums) { accumulate(sentry_widen(values), into: sums) }

@inline(__always) func accumulate(_ values: SIMD16<Double>, into sums: Sums) {
  let old = UnsafeRawPointer(sums).loadUnaligned(as: SIMD16<Double>.self)
  UnsafeMutableRawPointer(sums).storeBytes(of: old + values, as: SIMD16<Double>.self)
}

@inline(__always) func smaller(_ a: Int, _ b: Int) -> Int { a < b ? a : b }

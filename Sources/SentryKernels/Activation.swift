import CSentryKernels

/// What stands behind a batch norm.
protocol Activation {
  static func value(_ x: HalfLanes) -> HalfLanes
  /// `upstream` times the slope at x.
  static func backward(_ upstream: HalfLanes, at x: HalfLanes) -> HalfLanes
}

enum Identity: Activation {
  @inline(__always) static func value(_ x: HalfLanes) -> HalfLanes { x }

  @inline(__always) static func backward(_ upstream: HalfLanes, at x: HalfLanes) -> HalfLanes { upstream }
}

enum Rectifier: Activation {
  /// A NaN stays, as in PyTorch.
  @inline(__always) static func value(_ x: HalfLanes) -> HalfLanes {
    x.replacing(with: HalfLanes(repeating: 0), where: x .< 0)
  }

  @inline(__always) static func backward(_ upstream: HalfLanes, at x: HalfLanes) -> HalfLanes {
    HalfLanes(repeating: 0).replacing(with: upstream, where: x .> 0)
  }
}

/// Howard et al. 2019: x · ReLU6(x + 3) / 6.
enum HardSwish: Activation {
  @inline(__always) static func value(_ x: HalfLanes) -> HalfLanes {
    var gate = x + 3
    gate = gate.replacing(with: HalfLanes(repeating: 0), where: gate .< 0)
    gate = gate.replacing(with: HalfLanes(repeating: 6), where: gate .> 6)
    return x * gate * (1 / 6)
  }

  @inline(__always) static func backward(_ upstream: HalfLanes, at x: HalfLanes) -> HalfLanes {
    var slope = fused(x, HalfLanes(repeating: 1 / 3), HalfLanes(repeating: 0.5))
    slope = slope.replacing(with: HalfLanes(repeating: 0), where: x .< -3)
    slope = slope.replacing(with: HalfLanes(repeating: 1), where: x .> 3)
    return upstream * slope
  }
}

import CSentryKernels
import Testing

@testable import SentryNN

/// A norm's way back that makes the ReLU's input again, against the one that reads the ReLU's output.
@Suite struct NormGradientTests {
  private let pixels = 600
  private let channels = 96

  private func buffer(_ seed: UInt64, _ count: Int) throws -> FloatBuffer {
    var random = RandomStream(seed: seed)
    let buffer = try FloatBuffer(count)
    for index in 0..<count { buffer.pointer[index] = Float(2 * random.uniform() - 1) }
    return buffer
  }

  /// What the way back leaves in g, and its sums.
  private func outcome(
    _ level: CPULevel, _ precision: Precision,
    _ way: (sentry_kernels, Elements, sentry_view, Target, Target) throws -> Void
  ) throws -> [Double] {
    let kernels = level.kernels(precision)
    let source = try buffer(1, pixels * channels)
    let x = ActivationBuffer(precision)
    try x.reserve(pixels * channels)
    kernels.convert(pixels * channels, source.pointer, x.start.data)
    let g = try buffer(2, pixels * channels)
    var sums = [Double](repeating: 0, count: 2 * channels)
    try sums.withUnsafeMutableBufferPointer { sums in
      let first = try #require(sums.baseAddress)
      try way(kernels, x.start, rows(g.pointer, channels), first, first + channels)
    }
    return withExtendedLifetime((source, x, g)) { (0..<pixels * channels).map { Double(g.pointer[$0]) } + sums }
  }

  private typealias Target = UnsafeMutablePointer<Double>

  @Test(arguments: KernelTests.levels, [false, true])
  func itIsThatOfTheOutput(_ level: CPULevel, overwrite: Bool) throws {
    for precision in Precision.allCases {
      let (da, scale, shift) = (try buffer(3, pixels * channels), try buffer(4, channels), try buffer(5, channels))
      let (mean, factor) = (try buffer(6, channels), try buffer(7, channels))
      let replaces: Int32 = overwrite ? 1 : 0
      let remade = try outcome(level, precision) { kernels, x, g, sum, product in
        kernels.norm_relu_gradient(
          pixels, channels, rows(da.pointer, channels), rows(x, channels), scale.pointer, shift.pointer, mean.pointer,
          factor.pointer, replaces, g, sum, product)
      }
      let read = try outcome(level, precision) { kernels, x, g, sum, product in
        let out = ActivationBuffer(precision)
        try out.reserve(pixels * channels)
        kernels.norm_relu(
          pixels, channels, rows(x, channels), scale.pointer, shift.pointer, rows(out.start, channels))
        kernels.relu_norm_gradient(
          pixels, channels, rows(da.pointer, channels), rows(out.start, channels), rows(x, channels), mean.pointer,
          factor.pointer, replaces, g, sum, product)
        withExtendedLifetime(out) {}
      }
      #expect(remade == read, "\(precision)")
      #expect(read.suffix(channels).contains { abs($0) > 1 }, "no sums")
      withExtendedLifetime((da, scale, shift, mean, factor)) {}
    }
  }
}

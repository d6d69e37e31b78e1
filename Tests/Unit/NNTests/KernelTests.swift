import CSentryKernels
import Testing

@testable import SentryNN

/// The kernels of each CPU level against plain loops, and against each other.
@Suite struct KernelTests {
  static let levels = CPULevel.allCases.filter(\.isAvailable)

  @Test func levelsAreChosenByTheEnvironment() throws {
    #expect(throws: NNError.self) { try CPULevel.selected(environment: "sse9") }
    for level in CPULevel.allCases where !level.isAvailable {
      #expect(throws: NNError.self) { try CPULevel.selected(environment: level.rawValue) }
    }
    for level in Self.levels { #expect(try CPULevel.selected(environment: level.rawValue) == level) }
    #expect(try CPULevel.selected(environment: nil) == Self.levels.last)
  }

  @Test(arguments: levels) func statisticsKeepASmallDeviation(_ level: CPULevel) throws {
    // Mean 100, deviation 1e-3: sums of squares in float would lose all of it.
    let (pixels, channels) = (700, 32)
    let x = try FloatBuffer(pixels * channels)
    for pixel in 0..<pixels {
      for channel in 0..<channels {
        x.pointer[pixel * channels + channel] = 100 + (pixel % 2 == 0 ? 1e-3 : -1e-3) * Float(channel + 1)
      }
    }
    var (sum, squares) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    level.kernels.statistics(pixels, channels, rows(x.pointer, channels), &sum, &squares)
    for channel in 0..<channels {
      var (total, square) = (0.0, 0.0)
      for pixel in 0..<pixels {
        let value = Double(x.pointer[pixel * channels + channel])
        total += value
        square += value * value
      }
      let variance = square / 700 - (total / 700) * (total / 700)
      let ours = squares[channel] / 700 - (sum[channel] / 700) * (sum[channel] / 700)
      #expect(abs(ours / variance - 1) < 1e-3)
    }
  }

  @Test(arguments: levels, [1, 5, 16, 33, 1000]) func flatKernels(_ level: CPULevel, count: Int) {
    let kernels = level.kernels
    let source = (0..<count).map { Float($0) / 7 - 3 }
    var target = (0..<count).map { Float(count - $0) }
    let before = target
    kernels.add(count, source, &target)
    #expect(zip(target, zip(before, source)).allSatisfy { $0 == $1.0 + $1.1 })
    let exact = source.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(kernels.sum_of_squares(count, source) - exact) <= 1e-6 * exact)
  }

  @Test(.enabled(if: levels.count > 1, "this CPU has no AVX-512"), arguments: levels.dropFirst())
  func levelsAgree(_ level: CPULevel) throws {
    let results = try [CPULevel.avx2, level].map { try KernelRun($0.kernels).results() }
    #expect(results[0].count == results[1].count)
    for (name, values) in results[0] {
      let other = try #require(results[1][name])
      let largest = zip(values, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(largest < 1e-5, "\(name)")
      #expect(values.contains { $0 != 0 }, "\(name) did nothing")
    }
  }
}

/// Every kernel once, on the same random data.
private struct KernelRun {
  let kernels: sentry_kernels
  let pixels = 63
  let channels = 64

  init(_ kernels: sentry_kernels) { self.kernels = kernels }

  private func buffer(_ seed: UInt64, _ count: Int) throws -> FloatBuffer {
    var random = RandomStream(seed: seed)
    let buffer = try FloatBuffer(count)
    for index in 0..<count { buffer.pointer[index] = Float(2 * random.uniform() - 1) }
    return buffer
  }

  func results() throws -> [String: [Double]] {
    let count = pixels * channels
    let (x, g, da) = (try buffer(1, count), try buffer(2, count), try buffer(3, count))
    let (mean, scale, shift) = (try buffer(4, channels), try buffer(5, channels), try buffer(6, channels))
    let (factor, b, c) = (try buffer(7, channels), try buffer(8, channels), try buffer(9, channels))
    func view(_ buffer: FloatBuffer) -> sentry_view { rows(buffer.pointer, channels) }
    var results: [String: [Double]] = [:]
    func record(_ name: String, _ output: FloatBuffer, _ sums: [Double] = []) {
      results[name] = (0..<output.capacity).map { Double(output.pointer[$0]) } + sums
    }
    var (sum, product) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    var out = try buffer(10, count)
    kernels.norm_relu(pixels, channels, view(x), scale.pointer, shift.pointer, view(out))
    record("norm_relu", out)
    kernels.copy_statistics(pixels, channels, view(x), view(out), &sum, &product)
    record("copy_statistics", out, sum + product)
    for rectified: Int32 in [0, 1] {
      kernels.norm_input_gradient(
        pixels, channels, view(g), view(x), mean.pointer, factor.pointer, b.pointer, c.pointer, rectified, view(out))
      record("norm_input_gradient \(rectified)", out)
    }
    for overwrite: Int32 in [0, 1] {
      out = try buffer(11, count)
      kernels.relu_norm_gradient(
        pixels, channels, view(da), view(g), view(x), mean.pointer, factor.pointer, overwrite, view(out), &sum, &product
      )
      record("relu_norm_gradient \(overwrite)", out, sum + product)
    }
    try poolings(x, g, mean, scale, shift, factor, record)
    let (value, first, second) = (try buffer(20, 77), try buffer(21, 77), try FloatBuffer(77))
    let step = sentry_adamw(
      rate: 0.1, decay: 0.99, root: 1.5, epsilon: 1e-3, beta1: 0.9, beta2: 0.999, clip: 0.7)
    kernels.adamw(77, step, g.pointer, value.pointer, first.pointer, second.pointer)
    record("adamw", value)
    record("adamw mean", first)
    record("adamw square", second)
    return results
  }

  private func poolings(
    _ x: FloatBuffer, _ g: FloatBuffer, _ mean: FloatBuffer, _ scale: FloatBuffer, _ shift: FloatBuffer,
    _ factor: FloatBuffer, _ record: (String, FloatBuffer, [Double]) -> Void
  ) throws {
    // 63 pixels are an image of 7×9; its pooled maps have 3×4 (average) and 4×5 (maximum).
    let (pooled, spread) = (try FloatBuffer(20 * channels), try FloatBuffer(63 * channels))
    kernels.norm_relu_pool(
      4, channels, x.pointer, x.pointer + 9 * channels, channels, scale.pointer, shift.pointer, pooled.pointer)
    record("norm_relu_pool", pooled, [])
    let partial = try FloatBuffer(2 * channels)
    kernels.norm_relu_pool_gradient(
      4, channels, g.pointer, x.pointer, x.pointer + 9 * channels, spread.pointer, spread.pointer + 9 * channels,
      channels,
      mean.pointer, scale.pointer, shift.pointer, factor.pointer, partial.pointer, partial.pointer + channels)
    record("norm_relu_pool_gradient", spread, [])
    record("norm_relu_pool_gradient sums", partial, [])
    let features = try FloatBuffer(channels)
    kernels.norm_relu_mean(
      63, channels, rows(x.pointer, channels), scale.pointer, shift.pointer, 1 / 63, features.pointer)
    record("norm_relu_mean", features, [])
    var (sum, product) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    kernels.norm_relu_mean_gradient(
      63, channels, g.pointer, 1 / 63, rows(x.pointer, channels), mean.pointer, scale.pointer, shift.pointer,
      factor.pointer, rows(spread.pointer, channels), &sum, &product)
    record("norm_relu_mean_gradient", spread, sum + product)
    let index = try FloatBuffer(20 * channels)
    kernels.norm_relu_max_pool(
      7, 9, channels, x.pointer, scale.pointer, shift.pointer, rows(pooled.pointer, channels), index.pointer)
    record("norm_relu_max_pool", pooled, (0..<20 * channels).map { Double(index.pointer[$0]) })
    kernels.max_pool_gradient(
      7, 9, channels, g.pointer, index.pointer, x.pointer, mean.pointer, scale.pointer, shift.pointer, factor.pointer,
      spread.pointer)
    record("max_pool_gradient", spread, [])
    kernels.max_pool_gradient_sums(
      7, 9, channels, g.pointer, index.pointer, x.pointer, mean.pointer, &sum, &product)
    record("max_pool_gradient_sums", spread, sum + product)
  }
}

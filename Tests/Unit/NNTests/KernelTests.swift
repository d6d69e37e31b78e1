import CSentryKernels
import Glibc
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
    // The host tells a level by the table's number, without knowing this package.
    let names = (0...9).compactMap { sentry_cpu_level_name($0).map { String(cString: $0) } }
    #expect(names == CPULevel.allCases.map(\.rawValue))
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

  /// Over the whole range, saturated ends and what is no number included.
  @Test(arguments: levels) func lstmActivations(_ level: CPULevel) throws {
    let hidden = 16
    let (gates, cells) = (try FloatBuffer(4 * hidden), try (0..<4).map { _ in try FloatBuffer(hidden) })
    for value in stride(from: Float(-30), through: 30, by: 0.37) {
      gates.pointer.update(repeating: value, count: 4 * hidden)
      cells[0].pointer.update(repeating: 0.5, count: hidden)
      level.kernels.lstm_cell(
        1, hidden, gates.pointer, cells[0].pointer, cells[1].pointer, cells[2].pointer, cells[3].pointer)
      let (sigmoid, squashed) = (1 / (1 + exp(-Double(value))), tanh(Double(value)))
      let cell = sigmoid * 0.5 + sigmoid * squashed
      #expect(
        abs(Double(gates.pointer[0]) - sigmoid) < 2e-7 && abs(Double(gates.pointer[2 * hidden]) - squashed) < 3e-7)
      #expect(abs(Double(cells[1].pointer[3]) - cell) < 5e-7)
      #expect(abs(Double(cells[3].pointer[15]) - sigmoid * tanh(cell)) < 5e-7)
    }
    withExtendedLifetime(gates) {
      gates.pointer.update(repeating: .nan, count: 4 * hidden)
      level.kernels.lstm_cell(
        1, hidden, gates.pointer, cells[0].pointer, cells[1].pointer, cells[2].pointer, cells[3].pointer)
    }
    #expect(withExtendedLifetime(cells) { cells[3].pointer[0].isNaN })
  }

  @Test(arguments: levels) func dropoutDropsItsShare(_ level: CPULevel) throws {
    let count = 100_003
    let (x, out, part) = (try FloatBuffer(count), try FloatBuffer(count), try FloatBuffer(count))
    x.pointer.update(repeating: 1, count: count)
    let limit = UInt32(0.3 * 0x1p32)
    level.kernels.dropout(count, 0, 12345, limit, 1 / 0.7, x.pointer, out.pointer)
    let values = Array(UnsafeBufferPointer(start: out.pointer, count: count))
    #expect(abs(Double(values.count { $0 == 0 }) / Double(count) - 0.3) < 0.01)
    // Neighbours are independent: both dropped in 9 %.
    let pairs = zip(values, values.dropFirst()).count { $0 == 0 && $1 == 0 }
    #expect(abs(Double(pairs) / Double(count) - 0.09) < 0.01)
    #expect(abs(values.reduce(0) { $0 + Double($1) } / Double(count) - 1) < 0.02)
    // In two pieces it is the same.
    level.kernels.dropout(777, 0, 12345, limit, 1 / 0.7, x.pointer, part.pointer)
    level.kernels.dropout(count - 777, 777, 12345, limit, 1 / 0.7, x.pointer + 777, part.pointer + 777)
    #expect(Array(UnsafeBufferPointer(start: part.pointer, count: count)) == values)
    level.kernels.dropout(count, 0, 54321, limit, 1 / 0.7, x.pointer, part.pointer)
    #expect(Array(UnsafeBufferPointer(start: part.pointer, count: count)) != values)
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
    for relu: Int32 in [0, 1] {
      kernels.norm_input_gradient(
        pixels, channels, view(g), view(x), mean.pointer, factor.pointer, b.pointer, c.pointer, relu, view(out))
      record("norm_input_gradient \(relu)", out)
    }
    for overwrite: Int32 in [0, 1] {
      out = try buffer(11, count)
      kernels.relu_norm_gradient(
        pixels, channels, view(da), view(g), view(x), mean.pointer, factor.pointer, overwrite, view(out), &sum, &product
      )
      record("relu_norm_gradient \(overwrite)", out, sum + product)
      kernels.norm_relu_gradient(
        pixels, channels, view(da), view(x), scale.pointer, shift.pointer, mean.pointer, factor.pointer, overwrite,
        view(out), &sum, &product)
      record("norm_relu_gradient \(overwrite)", out, sum + product)
    }
    try poolings(x, g, mean, scale, shift, factor, record)
    let (value, first, second) = (try buffer(20, 77), try buffer(21, 77), try FloatBuffer(77))
    let adamw = try #require(kernels.update("adamw"))
    adamw(77, [0.1, 0.99, 1.5, 1e-3, 0.9, 0.999, 0.7], g.pointer, value.pointer, [first.pointer, second.pointer])
    record("adamw", value)
    record("adamw mean", first)
    record("adamw square", second)
    let sgd = try #require(kernels.update("sgd"))
    sgd(77, [0.1, 0.02, 0.9, 1, 0.9, 0.7], g.pointer, value.pointer, [second.pointer])
    record("sgd", value)
    record("sgd momentum", second)
    sgd(77, [0.1, 0.02, 0, 0, 1, 0.7], g.pointer, value.pointer, [])
    record("sgd without momentum", value)
    #expect(kernels.update("adam") == nil && kernels.update("sgdm") == nil)
    try sequences(x, g, da, scale, shift, record)
    return results
  }

  private func sequences(
    _ x: FloatBuffer, _ g: FloatBuffer, _ da: FloatBuffer, _ scale: FloatBuffer, _ shift: FloatBuffer,
    _ record: (String, FloatBuffer, [Double]) -> Void
  ) throws {
    let count = pixels * channels
    func view(_ buffer: FloatBuffer) -> sentry_view { rows(buffer.pointer, channels) }
    let out = try FloatBuffer(count)
    kernels.norm_add_relu(pixels, channels, view(x), scale.pointer, shift.pointer, view(g), view(out))
    record("norm_add_relu", out, [])
    kernels.relu_backward(count - 3, x.pointer, g.pointer, out.pointer)
    record("relu_backward", out, [])
    kernels.dropout(count - 3, 5, 77, 1 << 30, 4 / 3, x.pointer, out.pointer)
    record("dropout", out, [])
    let (rstd, dx) = (try FloatBuffer(pixels), try FloatBuffer(count))
    let normalised = try FloatBuffer(count)
    var (sum, product) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
    kernels.layer_norm(
      pixels, channels, 1e-5, x.pointer, scale.pointer, shift.pointer, normalised.pointer, rstd.pointer, out.pointer)
    record("layer_norm", out, [])
    kernels.layer_norm_gradient(
      pixels, channels, g.pointer, scale.pointer, normalised.pointer, rstd.pointer, &sum, &product, dx.pointer)
    record("layer_norm_gradient", dx, sum + product)
    let (gates, cells) = (try buffer(30, 5 * 4 * channels), try (31...36).map { try buffer($0, 5 * channels) })
    kernels.lstm_cell(
      5, channels, gates.pointer, cells[0].pointer, cells[1].pointer, cells[2].pointer, cells[3].pointer)
    record("lstm_cell", gates, [])
    record("lstm_cell output", cells[3], [])
    kernels.lstm_cell_gradient(
      5, channels, gates.pointer, cells[0].pointer, cells[2].pointer, cells[4].pointer, da.pointer, cells[5].pointer)
    record("lstm_cell_gradient", gates, [])
    record("lstm_cell_gradient carry", cells[5], [])
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

import CSentryKernels
import Testing

@testable import SentryNN

/// The kernels of inference of each CPU level against plain loops, and against each other.
@Suite struct InferenceKernelTests {
  @Test(arguments: KernelTests.levels, Precision.allCases)
  func agreeWithPlainLoops(_ level: CPULevel, _ precision: Precision) {
    let ours = InferenceKernelRun(level.inferenceKernels(precision), precision).results()
    let plain = InferenceKernelRun(plainKernels, .f32).results()
    #expect(ours.count == 6)
    for (name, values) in plain {
      let own = ours[name] ?? []
      let rounds = precision == .bf16 && InferenceKernelRun.isRounded(name)
      #expect(agree(own, values, relative: rounds ? 0x1p-8 : 0), "\(name)")
      // bfloat16 has 8 bits: what is equal to 1e-5 was never rounded.
      #expect(agree(own, values, relative: 0) != rounds, "\(name): \(precision)")
    }
  }

  @Test(
    .enabled(if: KernelTests.levels.count > 1, "this CPU has no AVX-512"), arguments: KernelTests.levels.dropFirst(),
    Precision.allCases)
  func levelsAgree(_ level: CPULevel, _ precision: Precision) throws {
    let (low, high) = (CPULevel.avx2.inferenceKernels(precision), level.inferenceKernels(precision))
    let results = [low, high].map { InferenceKernelRun($0, precision).results() }
    for (name, values) in results[0] {
      let other = try #require(results[1][name])
      // A sum that falls between two numbers of bfloat16 may go to either.
      let rounds = precision == .bf16 && InferenceKernelRun.isRounded(name)
      #expect(agree(other, values, relative: rounds ? 0x1p-7 : 0), "\(name)")
      #expect(values.contains { $0 != 0 && $0 != Double(InferenceKernelRun.untouched) }, "\(name) did nothing")
    }
  }

  /// As in PyTorch: a NaN is the largest, and goes into every window that holds it. In training, too.
  @Test(arguments: KernelTests.levels) func aNaNStays(_ level: CPULevel) {
    let channels = 32
    var image = [Float](repeating: 1, count: 5 * 5 * channels)
    // Row 1, column 3, channel 2: in the windows of rows 0 and 1, columns 1 and 2.
    image[(1 * 5 + 3) * channels + 2] = .nan
    let expected = [1, 2, 4, 5].map { $0 * channels + 2 }
    var (out, index) = ([Float](repeating: 0, count: 9 * channels), [Float](repeating: 0, count: 9 * channels))
    level.inferenceKernels(.f32).max_pool(5, 5, channels, 0, 3, image, &out, channels)
    #expect(out.indices.filter { out[$0].isNaN } == expected && out.allSatisfy { $0.isNaN || $0 == 1 })
    let (scale, shift) = ([Float](repeating: 2, count: channels), [Float](repeating: 0, count: channels))
    out.withUnsafeMutableBufferPointer { out in
      guard let start = out.baseAddress else { return }
      level.kernels.norm_relu_max_pool(5, 5, channels, &image, scale, shift, rows(start, channels), &index)
    }
    #expect(out.indices.filter { out[$0].isNaN } == expected && out.allSatisfy { $0.isNaN || $0 == 2 })
    // Its places in those windows: corners.
    #expect(expected.map { index[$0] } == [8, 6, 2, 0])
  }

  /// To 1e-5, or to a part of what is expected. A NaN agrees with nothing.
  private func agree(_ values: [Double], _ expected: [Double], relative: Double) -> Bool {
    values.count == expected.count
      && zip(values, expected).allSatisfy { abs($0 - $1) <= max(1e-5, relative * abs($1)) }
  }
}

/// Every kernel of a table on the same random data; pixels lie further apart than they have channels.
private struct InferenceKernelRun {
  /// What stands where a kernel has no business.
  static let untouched: Float = 7
  private static let (pixels, channels, stride) = (63, 48, 64)
  private let kernels: sentry_inference_kernels
  private let precision: Precision

  init(_ kernels: sentry_inference_kernels, _ precision: Precision) {
    (self.kernels, self.precision) = (kernels, precision)
  }

  /// Whether a kernel writes activations in the table's precision.
  static func isRounded(_ name: String) -> Bool { name == "norm_relu" || name == "norm_relu_pool" }

  private func values(_ seed: UInt64, _ count: Int, from low: Float = -1) -> [Float] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in low + (1 - low) * Float(random.uniform()) }
  }

  /// What a kernel writes as activations.
  private func activations(_ count: Int, _ body: (UnsafeMutableRawPointer) -> Void) -> [Double] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 * count, alignment: 64)
    defer { memory.deallocate() }
    guard let start = memory.baseAddress else { return [] }
    // All bits set are a NaN in both precisions: what is not written shows.
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF)
    body(start)
    return (0..<count).map { index in
      precision == .f32
        ? Double(start.load(fromByteOffset: 4 * index, as: Float.self))
        : Double(Float(bitPattern: UInt32(start.load(fromByteOffset: 2 * index, as: UInt16.self)) << 16))
    }
  }

  func results() -> [String: [Double]] {
    let (pixels, channels, stride) = (Self.pixels, Self.channels, Self.stride)
    let (x, scale, shift) = (values(1, pixels * stride), values(2, channels), values(3, channels))
    var results: [String: [Double]] = [:]
    results["norm_relu"] = activations(pixels * channels) {
      kernels.norm_relu(pixels, channels, x, stride, scale, shift, $0)
    }
    // 63 pixels are an image of 7×9.
    results["norm_relu_pool"] = activations(4 * channels) { out in
      x.withUnsafeBufferPointer { x in
        guard let top = x.baseAddress else { return }
        kernels.norm_relu_pool(4, channels, top, top + 9 * stride, stride, scale, shift, out)
      }
    }
    var mean = [Float](repeating: Self.untouched, count: stride)
    kernels.norm_relu_mean(pixels, channels, x, stride, scale, shift, &mean)
    results["norm_relu_mean"] = mean.map(Double.init)
    let image = values(4, pixels * channels, from: 0)
    for (name, rows) in [("max_pool", 0..<4), ("max_pool of a band", 1..<3)] {
      var pooled = [Float](repeating: Self.untouched, count: rows.count * 5 * stride)
      kernels.max_pool(7, 9, channels, rows.lowerBound, rows.upperBound, image, &pooled, stride)
      results[name] = pooled.map(Double.init)
    }
    // From groups of 16 channels to pixels.
    var copied = [Float](repeating: Self.untouched, count: 5 * stride)
    kernels.copy(5, channels, image, 16, pixels * 16, &copied, stride, 16)
    results["copy"] = copied.map(Double.init)
    return results
  }
}

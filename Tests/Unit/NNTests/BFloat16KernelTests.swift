import CSentryKernels
import Testing

@testable import SentryNN

/// The kernels for bfloat16 activations, against those for floats on the same values; AVX2 rounds by hand, AVX512_BF16 by an
/// instruction.
@Suite struct BFloat16KernelTests {
  private let pixels = 37
  private let channels = 64

  /// Random values that bfloat16 holds exactly, in both precisions.
  private func values(_ seed: UInt64, _ kernels: sentry_kernels) throws -> (
    brain: ActivationBuffer, single: FloatBuffer
  ) {
    let (brain, single) = (ActivationBuffer(.bf16), try FloatBuffer(pixels * channels))
    try brain.reserve(pixels * channels)
    var random = RandomStream(seed: seed)
    for index in 0..<pixels * channels { single.pointer[index] = Float(2 * random.uniform() - 1) }
    kernels.convert(pixels * channels, single.pointer, brain.start.data)
    for index in 0..<pixels * channels { single.pointer[index] = widened(brain, index) }
    return (brain, single)
  }

  private func widened(_ buffer: ActivationBuffer, _ index: Int) -> Float {
    Float(bitPattern: UInt32(buffer.start.data.load(fromByteOffset: 2 * index, as: UInt16.self)) << 16)
  }

  @Test(arguments: KernelTests.levels) func conversionRoundsToEven(_ level: CPULevel) throws {
    let cases: [(Float, UInt16)] = [
      (1, 0x3F80), (Float(bitPattern: 0x3F80_8000), 0x3F80), (Float(bitPattern: 0x3F81_8000), 0x3F82),
      (Float(bitPattern: 0x3F80_8001), 0x3F81), (-.infinity, 0xFF80), (Float(bitPattern: 0x7F7F_FFFF), 0x7F80), (0, 0),
    ]
    var source = [Float](repeating: 0, count: 19)
    for (index, example) in cases.enumerated() { source[index] = example.0 }
    source[18] = .nan
    var target = [UInt16](repeating: 1, count: 19)
    level.kernels(.bf16).convert(19, source, &target)
    for (index, example) in cases.enumerated() { #expect(target[index] == example.1, "\(example.0)") }
    #expect(Float(bitPattern: UInt32(target[18]) << 16).isNaN)
  }

  @Test(arguments: KernelTests.levels) func agreeWithFloats(_ level: CPULevel) throws {
    let (brain, single) = (level.kernels(.bf16), level.kernels(.f32))
    let (x, act, factors) = (try values(1, brain), try values(2, brain), try values(3, brain).single)
    let factor = factors.pointer
    defer { withExtendedLifetime(factors) {} }
    let out = (brain: ActivationBuffer(.bf16), single: try FloatBuffer(pixels * channels))
    try out.brain.reserve(pixels * channels)
    func compareOutputs(_ name: String) {
      let wrong = (0..<pixels * channels).filter {
        abs(widened(out.brain, $0) - out.single.pointer[$0]) > abs(out.single.pointer[$0]) / 256
      }
      #expect(wrong.isEmpty, "\(name)")
      #expect((0..<pixels * channels).contains { out.single.pointer[$0] != 0 }, "\(name) did nothing")
    }
    brain.norm_relu(
      pixels, channels, rows(x.brain.start, channels), factor, factor + 64, rows(out.brain.start, channels))
    single.norm_relu(
      pixels, channels, rows(x.single.pointer, channels), factor, factor + 64, rows(out.single.pointer, channels))
    compareOutputs("norm_relu")
    let g = act.single
    brain.norm_input_gradient(
      pixels, channels, rows(g.pointer, channels), rows(x.brain.start, channels), factor, factor + 64, factor + 128,
      factor + 192, 0, rows(out.brain.start, channels))
    single.norm_input_gradient(
      pixels, channels, rows(g.pointer, channels), rows(x.single.pointer, channels), factor, factor + 64, factor + 128,
      factor + 192, 0, rows(out.single.pointer, channels))
    compareOutputs("norm_input_gradient")
    let sums = (0..<4).map { _ in UnsafeMutableBufferPointer<Double>.allocate(capacity: channels) }
    defer { for buffer in sums { buffer.deallocate() } }
    for buffer in sums { buffer.initialize(repeating: 0) }
    let places = try sums.map { try #require($0.baseAddress) }
    brain.statistics(pixels, channels, rows(x.brain.start, channels), places[0], places[1])
    single.statistics(pixels, channels, rows(x.single.pointer, channels), places[2], places[3])
    #expect(sums[0].elementsEqual(sums[2]))
    #expect(sums[1].elementsEqual(sums[3]))
    // Upstream gradients are floats in both, and so is what comes out.
    let gradients = (try FloatBuffer(pixels * channels), try FloatBuffer(pixels * channels))
    brain.relu_norm_gradient(
      pixels, channels, rows(g.pointer, channels), rows(act.brain.start, channels), rows(x.brain.start, channels),
      factor,
      factor + 64, 0, rows(gradients.0.pointer, channels), places[0], places[1])
    single.relu_norm_gradient(
      pixels, channels, rows(g.pointer, channels), rows(act.single.pointer, channels),
      rows(x.single.pointer, channels), factor, factor + 64, 0, rows(gradients.1.pointer, channels), places[2],
      places[3])
    #expect((0..<pixels * channels).allSatisfy { gradients.0.pointer[$0] == gradients.1.pointer[$0] })
    #expect(sums[1].elementsEqual(sums[3]))
  }
}

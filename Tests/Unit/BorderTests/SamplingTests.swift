import CSentryPlugin
import Testing

@testable import SentryPluginAPI

/// Predictions with drop-out on, across the border.
@Suite struct SamplingTests {
  /// The seed, and whether the call trained.
  private final class NoisyModel: SamplingModel, Sendable {
    let specification: ModelSpecification
    var parameters: [NamedTensor] { [] }

    init(stochastic: Bool?) {
      specification = ModelSpecification(
        architecture: "noise", input: TensorSpecification(.float32, [1]),
        outputs: [.logits("parity", classes: ["even", "odd"])], stochastic: stochastic)
    }

    func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] {
      [Tensor([1, 2], [Float(0), training ? 1 : 0])]
    }

    func sample(_ input: Tensor, seed: UInt64) throws -> [Tensor] { [Tensor([1, 2], [Float(seed), 2])] }

    func backward(_ gradients: [Tensor?], accumulate: Bool) throws {}
  }

  private let input = Tensor([1, 1], [Float(0)])

  @Test func aModelSamples() throws {
    let there = try ImportedModel(adopting: export(NoisyModel(stochastic: true)))
    #expect(there.specification.stochastic == true)
    #expect(try there.sample(input, seed: 9)[0].array(of: Float.self) == [9, 2])
    #expect(try there.forward(input, training: false, seed: 9)[0].array(of: Float.self) == [0, 0])
    #expect(try there.forward(input, training: true, seed: 9)[0].array(of: Float.self) == [0, 1])
  }

  @Test(arguments: [nil, false]) func oneWithoutDropOutSaysSo(_ stochastic: Bool?) throws {
    let there = try ImportedModel(adopting: export(NoisyModel(stochastic: stochastic)))
    let error = #expect(throws: PluginError.self) { try there.sample(input, seed: 9) }
    #expect(error?.code == SENTRY_UNSUPPORTED)
  }

  /// What a host gets that asks all the same, as one in C may.
  @Test(arguments: [SENTRY_FORWARD_SAMPLE, SENTRY_FORWARD_SAMPLE | SENTRY_FORWARD_TRAINING])
  func theFlagsAreRefused(_ flags: UInt32) throws {
    let model = flags & SENTRY_FORWARD_TRAINING == 0 ? LinearModel() as any Model : NoisyModel(stochastic: true)
    let object = try export(model)
    defer { object.pointee.destroy(object) }
    var outputs = [UnsafeMutablePointer<sentry_managed_tensor>?](repeating: nil, count: 2)
    var error = sentry_error()
    error.struct_size = UInt32(MemoryLayout<sentry_error>.size)
    let status = Tensor([1, 3], [Float(1), 2, 3]).withBorderTensor {
      object.pointee.forward(object, $0, flags, 1, &outputs, &error)
    }
    #expect(status == SENTRY_UNSUPPORTED && outputs[0] == nil)
    error.destroy?(&error)
  }
}

import CSentryPlugin
import Testing

@testable import SentryPluginAPI

extension LinearModel: MemoryEstimatingModel, Profiled {
  func estimatedBytes(batchSize: Int, training: Bool) -> Int { batchSize * (training ? 1000 : 10) + 1 }
  func takeProfile() -> [String: Double] {
    profiled += 1
    return ["product": 1.5 * profiled, "nothing": .nan]
  }
}

extension RecordingTrainer: SplittingTrainer, Profiled {
  func split(into samples: Int) throws {
    guard samples != 13 else { throw PluginError.invalid("not 13") }
    parts = samples
  }
  func takeProfile() -> [String: Double] { [:] }
}

/// A model that offers nothing beyond its kind.
private struct PlainModel: Model {
  let specification = ModelSpecification(
    architecture: "plain", input: TensorSpecification(.float32, [1]), outputs: [.logits("a", classes: ["b", "c"])])
  var parameters: [NamedTensor] { [] }
  func forward(_ input: Tensor, training: Bool, seed: UInt64) throws -> [Tensor] { [Tensor([input.shape[0], 2])] }
  func backward(_ gradients: [Tensor?], accumulate: Bool) throws {}
}

/// The optional abilities of models and trainers cross the border.
@Suite struct ExtensionTests {
  @Test func memory() throws {
    let model = try ImportedModel(adopting: export(LinearModel()))
    #expect(model.estimatedBytes(batchSize: 32, training: true) == 32_001)
    #expect(model.estimatedBytes(batchSize: 32, training: false) == 321)
  }

  @Test func profile() throws {
    let model = try ImportedModel(adopting: export(LinearModel()))
    #expect(try model.takeProfile() == ["product": 1.5], "what is no number stays behind")
    #expect(try model.takeProfile() == ["product": 3])
    let trainer = try ImportedTrainer(adopting: export(RecordingTrainer()))
    #expect(try trainer.takeProfile() == [:])
  }

  @Test func splitting() throws {
    let here = RecordingTrainer()
    let there = try ImportedTrainer(adopting: export(here))
    #expect(try there.split(into: 5) && here.parts == 5)
    #expect(throws: PluginError.self) { _ = try there.split(into: 13) }
    #expect(throws: PluginError.self) { _ = try there.split(into: 0) }
  }

  @Test func whatIsNotOfferedIsNil() throws {
    let model = try ImportedModel(adopting: export(PlainModel()))
    #expect(model.estimatedBytes(batchSize: 1, training: true) == nil && !model.updatesItself)
    #expect(try model.takeProfile() == nil)
  }
}

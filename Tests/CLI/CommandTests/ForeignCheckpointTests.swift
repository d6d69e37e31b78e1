import Foundation
import SentryFormats
import Testing

/// Checkpoints that another program wrote, in the forms that people have.
@Suite struct ForeignCheckpointTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox(plugins: ["ClassifierHeads", "PostureTCNLSTM"])
    let vector = try StoredTensor([Float](repeating: 1, count: 8), shape: [8])
    try NPYFile.write(vector, to: "\(sandbox.root)/work/x.npy")
  }

  /// Heads whose logits are 1, 2 and 4 for whatever comes, divided by a temperature of 2.
  private func state(_ prefix: String = "", in dtype: DType = .f32) throws -> PickleValue {
    func tensor(_ shape: [Int], _ values: [Float]? = nil) throws -> StoredTensor {
      let floats = values ?? [Float](repeating: 0, count: shape.reduce(1, *))
      switch dtype {
      case .f16:
        return try StoredTensor(
          dtype: .f16, shape: shape, bytes: floats.map { Float16($0) }.withUnsafeBytes { [UInt8]($0) })
      case .f64: return try StoredTensor(floats.map { Double($0) }, shape: shape)
      default: return try StoredTensor(floats, shape: shape)
      }
    }
    var tensors: [(name: String, tensor: StoredTensor)] = [("temperature", try tensor([], [2]))]
    for (name, shape) in [
      ("shared_backbone.0", [512, 8]), ("shared_backbone.1", [512]), ("stress_head.layers.0", [256, 512]),
      ("stress_head.layers.3", [128, 256]), ("stress_head.layers.6", [3, 128]),
    ] {
      tensors.append((name + ".weight", try tensor(shape)))
      tensors.append((name + ".bias", try tensor([shape[0]], name.hasSuffix(".6") ? [1, 2, 4] : nil)))
    }
    return .stateDict(tensors.map { (prefix + $0.name, $0.tensor) })
  }

  private func predict(_ value: PickleValue, _ more: [String] = []) throws -> Sandbox.Outcome {
    try PyTorchFile.write(value, to: "\(sandbox.root)/work/model.pth")
    return try sandbox.toys(["predict", "--model", "model.pth", "--json", "x.npy"] + more)
  }

  private func expectAnswers(_ outcome: Sandbox.Outcome) throws {
    try #require(outcome.status == 0, "\(outcome.err)")
    let samples = try #require(JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [[String: Any]])
    let text = String(describing: samples)
    let powers = [0.5, 1, 2].map { exp($0) }
    let expected = powers[2] / powers.reduce(0, +)
    let numbers = text.matches(of: #/0\.\d+/#).compactMap { Double($0.output) }
    #expect(text.contains("high") && numbers.contains { abs($0 - expected) < 1e-3 }, "\(text)")
  }

  @Test(arguments: ["", "module.", "_orig_mod.", "model.", "model._orig_mod."])
  func theOriginalsFileIsKnownByItsTensors(prefix: String) throws {
    let outcome = try predict(.dict(["model_state_dict": try state(prefix), "epoch": .int(3)]))
    try expectAnswers(outcome)
    #expect(
      outcome.err.contains("model.pth is read as a checkpoint of the Python program, by the recipe 'classifier'"),
      "\(outcome.err)")
  }

  @Test(arguments: ["f16", "f64"]) func otherPrecisionsAreRead(name: String) throws {
    try expectAnswers(try predict(.dict(["state_dict": try state(in: try #require(DType(rawValue: name)))])))
  }

  @Test func theRecipeMayBeNamed() throws {
    try expectAnswers(try predict(try state("net."), ["--recipe", "classifier"]))
    let other = try predict(try state(), ["--recipe", "posture"])
    #expect(other.status == 64)
    #expect(
      other.err.contains("the recipe 'posture' does not know this file: it has no tensor tcn.network.0"), "\(other.err)"
    )
    let unknown = try predict(.stateDict([("w", try StoredTensor([Float(1)], shape: [1]))]))
    #expect(unknown.status == 64 && unknown.err.contains("does not state its model"), "\(unknown.err)")
  }

  /// A checkpoint of Sentry, in half precision and with a tensor that the model has no place for.
  @Test func ourOwnFileMayHaveBeenChanged() throws {
    func text(_ name: String) -> PickleValue { .string(name) }
    let tasks: PickleValue = .list([
      .dict(["name": text("stress"), "classes": .list(["low", "moderate", "high"].map(PickleValue.string))])
    ])
    let input: PickleValue = .dict(["dtype": text("float32"), "shape": .list([.int(8)]), "layout": .none])
    let options: PickleValue = .dict(["dropout-scale": .int(1), "seed": .int(1), "tasks": tasks, "input": input])
    let about: PickleValue = .dict([
      "recipe": text("classifier"), "tasks": tasks, "input": input, "normalisation": .none,
      "model": .dict(["name": text("classifier-heads"), "options": options]),
    ])
    var pairs = Array(try #require(try state("module.", in: .f16).dictionary).pairs)
    pairs.append((.string("criterion.weight"), .tensor(try StoredTensor([Float(1)], shape: [1]))))
    let outcome = try predict(.dict(["sentry": about, "model_state_dict": .dict(PickleDictionary(pairs))]))
    try expectAnswers(outcome)
    #expect(
      outcome.err.contains("tensors that the model does not have are ignored: criterion.weight"), "\(outcome.err)")
  }
}

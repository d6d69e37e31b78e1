import SentryFormats
import SentryPluginAPI
import Testing
@testable import SentryRuntime

/// Runs that begin with the weights of a file, and what a run says of its length.
@Suite struct StartTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func weights(_ prefix: String, _ more: [(name: String, tensor: StoredTensor)] = []) throws -> PickleValue {
    let first = ToyRun("\(scratch.path)/first-\(prefix)")
    _ = try first.run()
    let state = try #require(try PyTorchFile.read("\(first.options.output)/final_model.pth")["model_state_dict"])
    let tensors = try state.stateDict(file: "final").map { name, tensor in
      // In double precision, as NumPy would save them.
      (
        name: prefix + name,
        tensor: tensor.dtype == .f32
          ? try StoredTensor(tensor.floats().map { Double($0) }, shape: tensor.shape) : tensor
      )
    }
    return .stateDict(tensors + more)
  }

  @Test(arguments: ["module.", "_orig_mod.", "model.", "net."]) func wrappedWeightsAreTaken(prefix: String) throws {
    let extra = (name: "criterion.weight", tensor: try StoredTensor([Float(1)], shape: [1]))
    let file = "\(scratch.path)/start.pth"
    try PyTorchFile.write(.dict(["state_dict": try weights(prefix, [extra]), "epoch": .int(9)]), to: file)
    var run = ToyRun("\(scratch.path)/run")
    run.options.initWeights = file
    _ = try run.run()
    let warnings = run.reporter.warnings.withLock { $0 }
    #expect(
      warnings.contains { $0.hasSuffix("tensors that the model does not have are ignored: criterion.weight") },
      "\(warnings)")
    #expect(run.reporter.notes.withLock { $0.contains { $0.hasPrefix("starts from \(file)") } })
  }

  @Test func aFileOfAnotherModelSaysWhatItHolds() throws {
    let file = "\(scratch.path)/other.pth"
    try PyTorchFile.writeStateDict([("conv.weight", try StoredTensor([Float(1)], shape: [1]))], to: file)
    var run = ToyRun("\(scratch.path)/run")
    run.options.initWeights = file
    expectError("contains none of the model's tensors; its first tensors are conv.weight") { _ = try run.run() }
  }

  @Test func aRunOfFewStepsSaysWhatToTry() throws {
    let run = ToyRun("\(scratch.path)/run")
    _ = try run.run()
    let warnings = run.reporter.warnings.withLock { $0 }
    #expect(warnings.contains { $0.contains("the run has 15 steps (5 per epoch)") }, "\(warnings)")
    #expect(run.reporter.notes.withLock { $0.contains { $0.contains("incomplete batch (6 of 46 samples") } })
    let long = ToyRun("\(scratch.path)/long", epochs: 100)
    _ = try long.run()
    #expect(!long.reporter.warnings.withLock { $0.contains { $0.contains("the run has") } })
  }
}

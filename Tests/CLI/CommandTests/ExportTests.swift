import Foundation
import SentryFormats
import SentryTestSupport
import Testing

/// `sentry export` and `sentry inspect` on a model that was really trained, a little.
@Suite(.serialized) struct ExportTests {
  private static let plugins = ["EmotionDenseNet", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"]

  /// A sandbox with `run/best_model.pth`.
  private static let trained: Sandbox? = {
    guard let sandbox = try? Sandbox(plugins: plugins),
      let outcome = try? sandbox.toys([
        "train", "emotion", "--dataset", "synthetic-faces", "--output", "run", "--image-size", "32", "--batch-size",
        "8",
        "--epochs", "1", "--set", "trainer.optimizer=adamw", "--set", "dataset.count=32", "--set",
        "dataset.validation-count=8",
      ]), outcome.status == 0
    else { return nil }
    return sandbox
  }()

  @Test func everyFormatIsWrittenAndInspected() throws {
    let sandbox = try #require(Self.trained)
    for (format, name) in [
      ("onnx", "best_model.onnx"), ("safetensors", "best_model.safetensors"), ("pth", "best_model_weights.pth"),
    ] {
      let outcome = try sandbox.toys(["export", "--model", "run/best_model.pth", "--format", format])
      #expect(outcome.status == 0 && outcome.out == "run/\(name)\n", "\(outcome.err)")
      let inspected = try sandbox.toys(["inspect", "run/\(name)", "--json"])
      let text = try #require(try JSONSerialization.jsonObject(with: Data(inspected.out.utf8)) as? [String: Any])
      #expect((text["tensors"] as? [Any])?.count == (format == "onnx" ? 610 : 731))
      let again = try sandbox.toys(["export", "--model", "run/best_model.pth", "--format", format])
      #expect(again.status == 64 && again.err.contains("--overwrite"))
    }
    let inspected = try sandbox.toys(["inspect", "run/best_model.pth"])
    #expect(inspected.out.contains("task emotion") && inspected.out.contains("optimizer_state_dict"))
  }

  @Test func anExportInSafetensorsIsAsGoodAsTheCheckpoint() throws {
    let sandbox = try #require(Self.trained)
    let array = try StoredTensor((0..<2048).map { Float($0 % 17) / 17 }, shape: [2, 1, 32, 32])
    try NPYFile.write(array, to: "\(sandbox.root)/work/two.npy")
    let plain = try sandbox.toys(["export", "--model", "run/best_model.pth", "--output", "m.safetensors"])
    #expect(plain.status == 0, "\(plain.err)")
    let judged = try ["run/best_model.pth", "m.safetensors"].map {
      try sandbox.toys(["predict", "--model", $0, "two.npy"])
    }
    #expect(judged[0].status == 0 && judged[0].out == judged[1].out, "\(judged[1].err)")
    let folded = try sandbox.toys(["export", "--model", "m.safetensors", "--fold-bn", "--output", "f.safetensors"])
    #expect(folded.status == 0 && folded.err.contains("59 batch norms folded"), "\(folded.err)")
    let refused = try sandbox.toys(["predict", "--model", "f.safetensors", "two.npy"])
    #expect(refused.status == 64 && refused.err.contains("folded into convolutions"), "\(refused.err)")
  }

  /// AdamW goes on counting its steps, which its bias correction depends on.
  @Test func aRunStartsFromACheckpoint() throws {
    let sandbox = try #require(Self.trained)
    let again = [
      "train", "emotion", "--dataset", "synthetic-faces", "--image-size", "32", "--batch-size", "8", "--epochs", "1",
      "--set", "dataset.count=32", "--set", "dataset.validation-count=8", "--init-weights",
    ]
    let outcome = try sandbox.toys(again + ["run/final_model.pth", "--output", "second"])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect((outcome.out + outcome.err).contains("with 1104 tensors of its optimiser's state"), "\(outcome.err)")
    func steps(_ path: String) throws -> Float? {
      let state = try PyTorchFile.read("\(sandbox.root)/work/\(path)")["optimizer_state_dict"]?["state"]
      return try state?.dictionary?[0]?["step"]?.tensor?.floats().first
    }
    #expect(try steps("run/final_model.pth") == 4)
    #expect(try steps("second/final_model.pth") == 8)
    let weights = try sandbox.toys(["export", "--model", "run/final_model.pth", "--output", "start.safetensors"])
    #expect(weights.status == 0)
    let third = try sandbox.toys(again + ["start.safetensors", "--output", "third"])
    #expect(third.status == 0 && (third.out + third.err).contains("only the weights"), "\(third.err)")
    let missing = try sandbox.toys(again + ["nowhere.pth", "--output", "fourth"])
    #expect(missing.status == 1 && missing.err.contains("nowhere.pth"), "\(missing.err)")
  }

  @Test func badCallsSayWhatToDo() throws {
    let sandbox = try #require(Self.trained)
    try Data("<html>".utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/work/page.onnx"))
    let cases: [([String], String)] = [
      (["export", "--model", "run/best_model.pth"], "--format is missing"),
      (["export", "--model", "missing.pth", "--format", "onnx"], "missing.pth"),
      (["inspect", "missing.pth"], "missing.pth: cannot be opened"),
      (["inspect", "page.onnx"], "page.onnx: is none of"),
      (["export", "--model", "run/best_model.pth", "--output", "no/such/x.onnx"], "no/such"),
    ]
    for (arguments, part) in cases {
      let outcome = try sandbox.toys(arguments)
      #expect(outcome.status != 0 && outcome.err.contains(part), "\(arguments): \(outcome.err)")
    }
    let alone = try sandbox.toys(["export", "--model", "run/best_model.pth", "--output", "w.pth"])
    #expect(alone.status == 0)
    let anonymous = try sandbox.toys(["export", "--model", "w.pth", "--format", "onnx", "--output", "w.onnx"])
    #expect(anonymous.status == 64 && anonymous.err.contains("does not state its model"), "\(anonymous.err)")
  }

  /// onnxruntime, safetensors and torch give the logits of the checkpoint (scripts/verify_export.py).
  @Test(.enabled(if: PeerPython.interpreter != nil, Comment(rawValue: PeerPython.missing)))
  func otherProgramsGiveTheSameOutputs() throws {
    let sandbox = try #require(Self.trained)
    let (status, said) = try sandbox.verify("run/best_model.pth", by: "verify_export.py")
    #expect(status == 0, "\(said)")
    #expect(said.split(separator: "\n").filter { $0.contains("largest difference") }.count == 8, "\(said)")
  }

  /// PyTorch's own network with the weights of the checkpoint gives its logits, and torch.optim.AdamW takes its state over.
  @Test(.enabled(if: PeerPython.interpreter != nil, Comment(rawValue: PeerPython.missing)))
  func pyTorchGivesTheSameLogits() throws {
    let sandbox = try #require(Self.trained)
    let (status, said) = try sandbox.verify("run/best_model.pth")
    #expect(status == 0 && said.contains("of [1, 32, 32], emotion: largest difference"), "\(said)")
    // The run had four steps.
    #expect(said.contains("torch.optim.AdamW took over 368 parameters at step 5"), "\(said)")
  }
}

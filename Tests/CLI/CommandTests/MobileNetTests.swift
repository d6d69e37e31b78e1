import Foundation
import SentryFormats
import Testing

/// The recipe `emotion` with the small backbone, where no other model is installed.
@Suite(.serialized) struct MobileNetCommandTests {
  private static let plugins = ["BackboneMobileNetV3", "DatasetSyntheticFaces", "AugmentFace", "TrainerSupervised"]
  private static let small = [
    "train", "emotion", "--dataset", "synthetic-faces", "--image-size", "32", "--batch-size", "8", "--epochs", "2",
    "--threads", "2", "--set", "dataset.count=48", "--set", "dataset.validation-count=16",
  ]

  @Test func theRecipeNeedsNoOtherModel() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let unnamed = try sandbox.toys(Self.small + ["--output", "run"])
    #expect(unnamed.status == 0, "\(unnamed.err)")
    #expect((unnamed.out + unnamed.err).contains("'emotion-densenet' is not installed"), "\(unnamed.err)")
    let named = try sandbox.toys(Self.small + ["--output", "named", "--model", "mobilenet-v3-small"])
    #expect(named.status == 0, "\(named.err)")
    let files = try ["run", "named"].map {
      try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/work/\($0)/history.json"))
    }
    #expect(files[0] == files[1])
    let refused = try sandbox.toys(Self.small + ["--output", "none", "--model", "mobilenet-v3-small", "--recompute"])
    #expect(refused.status == 64 && refused.err.contains("recompute"), "\(refused.err)")

    // torchvision's 244 tensors but for its classifier's 4, and the head's 6.
    let checkpoint = try PyTorchFile.read("\(sandbox.root)/work/run/best_model.pth")
    #expect(try checkpoint["model_state_dict"]?.stateDict(file: "best_model.pth").count == 246)
    let evaluated = try sandbox.toys(["evaluate", "--model", "run/best_model.pth", "--output", "evaluation"])
    #expect(evaluated.status == 0, "\(evaluated.err)")
    let exported = try sandbox.toys(["export", "--model", "run/best_model.pth", "--format", "onnx", "--fold-bn"])
    #expect(exported.status == 0 && exported.err.contains("34 batch norms folded"), "\(exported.err)")
  }

  @Test func anotherNetworksWeightsAreRefused() throws {
    let sandbox = try Sandbox(plugins: Self.plugins)
    let file = "\(sandbox.root)/work/other.pth"
    try PyTorchFile.writeStateDict([("features.conv0.weight", StoredTensor([Float(1)], shape: [1]))], to: file)
    let refused = try sandbox.toys(Self.small + ["--output", "run", "--pretrained", "other.pth"])
    #expect(refused.status != 0 && refused.err.contains("not a MobileNetV3-Small"), "\(refused.err)")
    #expect(!FileManager.default.fileExists(atPath: "\(sandbox.root)/work/run/best_model.pth"))
  }
}

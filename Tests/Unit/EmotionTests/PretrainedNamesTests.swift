import Foundation
import SentryFormats
import Testing

@testable import EmotionDenseNet

@Suite struct PretrainedNamesTests {
  @Test(arguments: [
    ("features.conv0.weight", "backbone.features.conv0.weight"),
    ("features.denseblock1.denselayer1.norm.1.weight", "backbone.features.denseblock1.denselayer1.norm1.weight"),
    ("features.denseblock4.denselayer16.conv.2.weight", "backbone.features.denseblock4.denselayer16.conv2.weight"),
    (
      "features.denseblock1.denselayer1.norm1.running_mean",
      "backbone.features.denseblock1.denselayer1.norm1.running_mean"
    ),
    ("features.transition1.norm.weight", "backbone.features.transition1.norm.weight"),
    ("module.features.norm5.bias", "backbone.features.norm5.bias"),
    ("backbone.features.norm5.bias", "backbone.features.norm5.bias"),
    ("classifier.weight", "classifier.weight"),
    ("projection.0.weight", "projection.0.weight"),
  ])
  func bothSpellings(_ theirs: String, _ ours: String) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "sentry-name-\(UUID().uuidString).pth").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try PyTorchFile.writeStateDict([(theirs, try StoredTensor([Float(1)], shape: [1]))], to: path)
    // torchvision's names begin within the backbone.
    let wanted = ours.hasPrefix("backbone.") ? String(ours.dropFirst("backbone.".count)) : ours
    #expect(try WeightsFile(path).matched(to: [wanted]).tensors.keys.sorted() == [wanted])
  }
}

@Suite struct FreezingTests {
  @Test func autoFollowsPretrained() {
    var options = EmotionModelOptions(
      inputSize: 32, freeze: .auto, frozenNorm: .batch, pretrained: nil, tasks: [], seed: 0)
    #expect(options.effectiveFreeze == .none)
    options.pretrained = "densenet121.pth"
    #expect(options.effectiveFreeze == .block3)
    options.freeze = .none
    #expect(options.effectiveFreeze == .none)
  }

  @Test func whatTrainsAboveBlock3IsBlock4Norm5AndTheHead() {
    let prefixes = EmotionModelOptions.Freeze.block3.frozenPrefixes
    func freezes(_ name: String) -> Bool { prefixes.contains(where: name.hasPrefix) }
    for name in ["conv0.weight", "norm0.bias", "denseblock3.denselayer24.conv2.weight", "transition3.conv.weight"] {
      #expect(freezes("backbone.features.\(name)"))
    }
    for name in [
      "backbone.features.denseblock4.denselayer1.norm1.weight", "backbone.features.norm5.weight", "projection.0.weight",
      "classifier.3.bias",
    ] { #expect(!freezes(name)) }
  }
}

import Foundation
import SentryFormats
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import EmotionDenseNet

/// Files that are shaped as torchvision's, made here: 3-channel stem, the published spelling, a 1000-class classifier, no
/// `num_batches_tracked`.
@Suite struct PretrainedLoadingTests {
  private static let parameters: [(name: String, shape: [Int])] = {
    (try? makeModel())?.parameters.map { ($0.name, $0.value.shape) } ?? []
  }()

  private static func makeModel(classes: Int = 6, pretrained: String? = nil) throws -> EmotionModel {
    let task = ClassificationTask("emotion", classes: (0..<classes).map { "c\($0)" })
    return try EmotionModel(
      options: EmotionModelOptions(
        inputSize: 32, freeze: .auto, frozenNorm: .batch, pretrained: pretrained, tasks: [task], seed: 1),
      host: TestHost.host)
  }

  /// Each tensor is filled with a number of its own, so that a mix-up shows.
  private static func published() throws -> [(name: String, tensor: StoredTensor)] {
    var tensors: [(String, StoredTensor)] = []
    for (index, parameter) in parameters.enumerated() {
      guard parameter.name.hasPrefix("backbone."), !parameter.name.hasSuffix("num_batches_tracked") else { continue }
      var name = String(parameter.name.dropFirst("backbone.".count))
      for part in ["norm1", "norm2", "conv1", "conv2"] where name.contains("denselayer") {
        name = name.replacingOccurrences(of: ".\(part).", with: ".\(part.dropLast()).\(part.suffix(1)).")
      }
      if parameter.name == "backbone.features.conv0.weight" {
        // 0, 3, 6 by channel: the mean is 3.
        let channels: [Float] = [0, 3, 6]
        let values = (0..<64).flatMap { _ in channels.flatMap { [Float](repeating: $0, count: 49) } }
        tensors.append((name, try StoredTensor(values, shape: [64, 3, 7, 7])))
      } else {
        let count = parameter.shape.reduce(1, *)
        tensors.append((name, try StoredTensor([Float](repeating: Float(index), count: count), shape: parameter.shape)))
      }
    }
    tensors.append(
      ("classifier.weight", try StoredTensor([Float](repeating: 9, count: 1_024_000), shape: [1000, 1024])))
    tensors.append(("classifier.bias", try StoredTensor([Float](repeating: 9, count: 1000), shape: [1000])))
    return tensors
  }

  private func temporary(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sentry-pretrained-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "densenet121.pth").path)
  }

  @Test func thePublishedFileFillsTheBackboneAndFreezesItsLowerPart() throws {
    try temporary { path in
      try PyTorchFile.writeStateDict(Self.published(), to: path)
      let model = try Self.makeModel(pretrained: path)
      for (index, parameter) in model.parameters.enumerated() where parameter.value.dtype == .float32 {
        let first = try parameter.value.array(of: Float.self)
        if parameter.name == "backbone.features.conv0.weight" {
          #expect(first.allSatisfy { $0 == 3 }, "the stem is the mean over the three channels")
        } else if parameter.name.hasPrefix("backbone.") {
          #expect(first.allSatisfy { $0 == Float(index) }, "\(parameter.name)")
        }
      }
      let roles = Dictionary(model.parameters.map { ($0.name, $0.role) }) { first, _ in first }
      #expect(roles["backbone.features.denseblock3.denselayer24.conv2.weight"] == .frozen)
      #expect(roles["backbone.features.denseblock4.denselayer1.conv1.weight"] == .trainable)
      #expect(roles["projection.0.weight"] == .trainable)
    }
  }

  @Test func aFileOfAnotherNetworkIsRefusedByName() throws {
    try temporary { path in
      try PyTorchFile.writeStateDict([("layer1.0.conv1.weight", StoredTensor([Float(1)], shape: [1]))], to: path)
      let error = #expect(throws: PluginError.self) { try Self.makeModel(pretrained: path) }
      #expect(error?.message.contains(path) == true && error?.message.contains("no DenseNet121") == true)
    }
  }

  @Test func aTensorOfAnotherShapeIsRefusedByName() throws {
    try temporary { path in
      var tensors = try Self.published()
      tensors[1].tensor = try StoredTensor([Float(1), 2], shape: [2])
      try PyTorchFile.writeStateDict(tensors, to: path)
      let error = #expect(throws: PluginError.self) { try Self.makeModel(pretrained: path) }
      #expect(error?.message.contains("norm0.weight is [2], the model's is [64]") == true)
    }
  }

  @Test func theNumbersOfParametersAreThePublishedOnes() throws {
    func count(_ tensors: [(name: String, shape: [Int])]) -> Int {
      tensors.filter { !$0.name.contains("running_") && !$0.name.hasSuffix("tracked") }
        .reduce(0) { $0 + $1.shape.reduce(1, *) }
    }
    #expect(count(Self.parameters.filter { $0.name.hasPrefix("backbone.") }) == 6_947_584)
    // Of torchvision's own network, with a stem of three channels and 1000 classes.
    #expect(count(try Self.published().map { ($0.name, $0.tensor.shape) }) == 7_978_856)
  }

  @Test func theModelOffersAllThatItsNetworkCan() throws {
    let model: any Model = try Self.makeModel()
    #expect(model is any GraphDescribingModel && model is any MemoryEstimatingModel && model is any Profiled)
  }

  @Test func aDatasetWithTwoTasksIsRefused() {
    let tasks = [ClassificationTask("a", classes: ["x"]), ClassificationTask("b", classes: ["y"])]
    #expect(throws: PluginError.self) {
      try EmotionModel(
        options: EmotionModelOptions(
          inputSize: 32, freeze: .auto, frozenNorm: .batch, pretrained: nil, tasks: tasks, seed: 1), host: TestHost.host
      )
    }
  }
}

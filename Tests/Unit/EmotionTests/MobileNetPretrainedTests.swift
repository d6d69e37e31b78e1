import Foundation
import SentryFormats
import SentryModels
import SentryPluginAPI
import SentryTestSupport
import Testing

@testable import BackboneMobileNetV3

/// Files that are shaped as torchvision's mobilenet_v3_small, made here: a stem of three colours and a classifier of 1000 classes.
@Suite struct MobileNetPretrainedTests {
  private static func makeModel(pretrained: String? = nil, freeze: MobileNetModelOptions.Freeze = .none) throws
    -> MobileNetModel
  {
    let task = ClassificationTask("emotion", classes: (0..<6).map { "c\($0)" })
    var options = MobileNetModelOptions(inputSize: 32, pretrained: pretrained, tasks: [task], seed: 1)
    options.freeze = freeze
    return try MobileNetModel(options: options, host: TestHost.host)
  }

  /// Each tensor is filled with a number of its own, so that a mix-up shows.
  private static func published() throws -> [(name: String, tensor: StoredTensor)] {
    var tensors: [(String, StoredTensor)] = []
    for (index, parameter) in try makeModel().parameters.enumerated() where parameter.name.hasPrefix("backbone.") {
      let name = String(parameter.name.dropFirst("backbone.".count))
      if parameter.value.dtype == .int64 { continue }
      let isStem = name == "features.0.0.weight"
      let shape = isStem ? [16, 3, 3, 3] : parameter.value.shape
      let values = [Float](repeating: Float(isStem ? 1 : index), count: shape.reduce(1, *))
      tensors.append((name, try StoredTensor(values, shape: shape)))
    }
    for (name, shape) in [("classifier.0.weight", [1024, 576]), ("classifier.3.weight", [1000, 1024])] {
      tensors.append((name, try StoredTensor([Float](repeating: 9, count: shape.reduce(1, *)), shape: shape)))
    }
    return tensors
  }

  private func temporary(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "sentry-mobilenet-\(UUID().uuidString).pth").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func thePublishedFileFillsTheBackbone() throws {
    try temporary { path in
      try PyTorchFile.writeStateDict(Self.published(), to: path)
      let (fresh, model) = (try Self.makeModel(), try Self.makeModel(pretrained: path))
      let stem = Float(0.5 / 0.229 + 0.5 / 0.224 + 0.5 / 0.225)
      let constant = Float(9 * ((0.5 - 0.485) / 0.229 + (0.5 - 0.456) / 0.224 + (0.5 - 0.406) / 0.225))
      for (index, parameter) in model.parameters.enumerated() where parameter.value.dtype == .float32 {
        let values = try parameter.value.array(of: Float.self)
        switch parameter.name {
        case "backbone.features.0.0.weight": #expect(values.allSatisfy { abs($0 - stem) < 1e-5 })
        case "backbone.features.0.1.running_mean":
          #expect(values.allSatisfy { abs($0 - (Float(index) - constant)) < 1e-4 })
        case let name where name.hasPrefix("backbone."): #expect(values.allSatisfy { $0 == Float(index) }, "\(name)")
        default: #expect(values == (try fresh.parameters[index].value.array(of: Float.self)), "\(parameter.name)")
        }
      }
    }
  }

  @Test func aFileOfAnotherNetworkIsRefusedByName() throws {
    try temporary { path in
      try PyTorchFile.writeStateDict([("features.conv0.weight", StoredTensor([Float(1)], shape: [1]))], to: path)
      let error = #expect(throws: PluginError.self) { try Self.makeModel(pretrained: path) }
      #expect(error?.message.contains("\(path): not a MobileNetV3-Small") == true, "\(error?.message ?? "")")
      #expect(error?.hint?.contains("mobilenet_v3_small") == true)
    }
  }

  @Test func aFrozenBackboneShowsNoGradients() throws {
    let model = try Self.makeModel(freeze: .backbone)
    for parameter in model.parameters where parameter.role != .buffer {
      #expect(parameter.role == (parameter.name.hasPrefix("backbone.") ? .frozen : .trainable), "\(parameter.name)")
    }
  }

  @Test func theModelOffersAllThatItsNetworkCan() throws {
    let model: any Model = try Self.makeModel()
    #expect(model is any GraphDescribingModel && model is any MemoryEstimatingModel && model is any Profiled)
    #expect(model is any StagedModel)
  }

  @Test func aDatasetWithTwoTasksIsRefused() {
    let tasks = [ClassificationTask("a", classes: ["x"]), ClassificationTask("b", classes: ["y"])]
    #expect(throws: PluginError.self) {
      try MobileNetModel(options: MobileNetModelOptions(inputSize: 32, tasks: tasks, seed: 1), host: TestHost.host)
    }
  }
}

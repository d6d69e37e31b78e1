import Foundation
import SentryFormats
import SentryModels
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

  private static func makeModel(
    classes: Int = 6, pretrained: String? = nil, stem: StemConversion = .sum
  ) throws -> EmotionModel {
    let task = ClassificationTask("emotion", classes: (0..<classes).map { "c\($0)" })
    var options = EmotionModelOptions(
      inputSize: 32, freeze: .auto, frozenNorm: .batch, pretrained: pretrained, tasks: [task], seed: 1)
    options.pretrainedStem = stem
    return try EmotionModel(options: options, host: TestHost.host)
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

  /// By colour the weights are 0, 3 and 6: their mean is 3.
  @Test(arguments: StemConversion.allCases)
  func thePublishedFileFillsTheBackboneAndFreezesItsLowerPart(stem: StemConversion) throws {
    // As a picture of grey g has it in all colours: (g − μ) / σ, where ours is (g − 0.5) / 0.5.
    let scaled: Float = stem == .mean ? 3 : Float(3 * 0.5 / 0.224 + 6 * 0.5 / 0.225)
    let constant: Float =
      stem == .mean ? 0 : Float(49 * (3 * (0.5 - 0.456) / 0.224 + 6 * (0.5 - 0.406) / 0.225))
    try temporary { path in
      try PyTorchFile.writeStateDict(Self.published(), to: path)
      let model = try Self.makeModel(pretrained: path, stem: stem)
      for (index, parameter) in model.parameters.enumerated() where parameter.value.dtype == .float32 {
        let first = try parameter.value.array(of: Float.self)
        if parameter.name == "backbone.features.conv0.weight" {
          #expect(first.allSatisfy { abs($0 - scaled) < 1e-5 }, "\(first[0])")
        } else if parameter.name == "backbone.features.norm0.running_mean" {
          #expect(first.allSatisfy { abs($0 - (Float(index) - constant)) < 1e-4 }, "\(first[0])")
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
      #expect(error?.message.contains(path) == true && error?.message.contains("not a DenseNet121") == true)
    }
  }

  @Test func aTensorOfAnotherShapeIsRefusedByName() throws {
    try temporary { path in
      var tensors = try Self.published()
      tensors[1].tensor = try StoredTensor([Float(1), 2], shape: [2])
      try PyTorchFile.writeStateDict(tensors, to: path)
      let error = #expect(throws: PluginError.self) { try Self.makeModel(pretrained: path) }
      #expect(error?.message.contains("norm0.weight has the shape [2], but the model's tensor has [64]") == true)
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

  @Test(arguments: ["module.densenet121.", "model.", "backbone.", "model._orig_mod.", "encoder.backbone."])
  func prefixesAndKeysOfOtherProgramsAreRead(prefix: String) throws {
    try temporary { path in
      let extra = ("criterion.weight", try StoredTensor([Float(1)], shape: [1]))
      let state = try Self.published().map { (prefix + $0.name, $0.tensor) } + [extra]
      try PyTorchFile.write(.dict(["state_dict": .stateDict(state), "best_loss": .float(0.1)]), to: path)
      let model = try Self.makeModel()
      let report = try PretrainedWeights(file: path, of: .denseNet121).load(into: model.parameters, stem: .sum)
      #expect(report.contains("604 tensors loaded, the stem as the sum over its three colours"), "\(report)")
      #expect(report.contains("not used: ") && report.contains("\(prefix)classifier.weight"), "\(report)")
    }
  }

  @Test func safetensorsInHalfPrecisionAreRead() throws {
    try temporary { path in
      let half = try Self.published().map { name, tensor in
        let values = try tensor.floats().map { Float16($0) }
        return (
          name: name,
          tensor: try StoredTensor(dtype: .f16, shape: tensor.shape, bytes: values.withUnsafeBytes { [UInt8]($0) })
        )
      }
      try SafetensorsFile(tensors: half).write(to: path)
      let model = try Self.makeModel(pretrained: path)
      let norm = try #require(model.parameters.first { $0.name == "backbone.features.norm5.weight" })
      let place = try #require(model.parameters.firstIndex { $0.name == norm.name })
      #expect(try norm.value.array(of: Float.self).allSatisfy { $0 == Float(place) })
    }
  }

  /// The first layers of torchvision's network and of ours on one grey picture: equal but for the three outermost pixels.
  @Test(.enabled(if: PeerPython.interpreter != nil, Comment(rawValue: PeerPython.missing)))
  func theStemAnswersAGreyPictureAsTorchvisionsDoes() throws {
    try temporary { path in
      try Self.python("make", path)
      let model = try Self.makeModel(pretrained: path)
      let stem = try model.parameters.filter { $0.name.contains(".conv0.") || $0.name.contains(".norm0.") }.filter {
        $0.value.dtype == .float32
      }.map { ($0.name, try StoredTensor($0.value.array(of: Float.self), shape: $0.value.shape)) }
      try PyTorchFile.writeStateDict(stem, to: path + ".ours")
      let worst = try #require(Double(try Self.python("compare", path).trimmingCharacters(in: .whitespacesAndNewlines)))
      #expect(worst < 1e-4)
    }
  }

  @discardableResult private static func python(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(PeerPython.interpreter))
    process.arguments = ["-c", script] + arguments
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(text)")
    return text
  }

  private static let script = """
    import sys, torch, torchvision
    torch.manual_seed(3)
    torch.set_num_threads(1)
    what, path = sys.argv[1:]
    net = torchvision.models.densenet121(weights=None).eval()
    norm = net.features.norm0
    norm.running_mean.normal_(); norm.running_var.uniform_(0.5, 1.5); norm.weight.data.uniform_(0.5, 1.5)
    if what == 'make':
        torch.save(net.state_dict(), path)
    else:
        net.load_state_dict(torch.load(path))
        grey = torch.rand(2, 1, 64, 64)
        normalise = torchvision.transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        theirs = norm(net.features.conv0(normalise(grey.expand(-1, 3, -1, -1))))
        ours = torch.load(path + '.ours')
        name = 'backbone.features.'
        x = torch.nn.functional.conv2d((grey - 0.5) / 0.5, ours[name + 'conv0.weight'], stride=2, padding=3)
        x = torch.nn.functional.batch_norm(x, ours[name + 'norm0.running_mean'], ours[name + 'norm0.running_var'],
            ours[name + 'norm0.weight'], ours[name + 'norm0.bias'])
        inner = slice(2, -2)
        print((x - theirs)[:, :, inner, inner].abs().max().item())
    """
}

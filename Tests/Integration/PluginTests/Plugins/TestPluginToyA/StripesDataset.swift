import SentryPluginAPI
import Synchronization

/// Sixteen by sixteen grey levels: stripes that lie (class 0) or stand (class 1).
final class StripesDataset: Dataset {
  struct Options: Decodable {
    var count: Int
    var contrast: String
    var seed: UInt64
  }
  private static let side = 16
  /// How many datasets and samples there are: the test of leaks asks for them.
  private static let datasets = Atomic(0)
  private static let samples = Atomic(0)

  private final class Pixels: Sendable {
    nonisolated(unsafe) let memory: UnsafeMutableRawPointer
    init(_ values: [UInt8]) {
      let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: values.count)
      _ = buffer.initialize(from: values)
      memory = UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped)
      StripesDataset.samples.add(1, ordering: .relaxed)
    }
    deinit {
      memory.deallocate()
      StripesDataset.samples.subtract(1, ordering: .relaxed)
    }
  }

  let specification = DatasetSpecification(
    sample: TensorSpecification(.uint8, [16, 16, 1], layout: "HWC"),
    tasks: [ClassificationTask("stripes", classes: ["lying", "standing"])])
  private let options: Options
  private let host: Host

  init(_ options: Options, host: Host) {
    (self.options, self.host) = (options, host)
    Self.datasets.add(1, ordering: .relaxed)
  }

  deinit { Self.datasets.subtract(1, ordering: .relaxed) }

  func count(in split: Split) -> Int {
    switch split {
    case .train: options.count
    case .validation: options.count / 4
    case .test: 0
    }
  }

  func targets(at index: Int, in split: Split) throws -> [Int?] { [index % 2] }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    guard (0..<count(in: split)).contains(index) else {
      throw PluginError.invalid("there is no sample \(index) in \(split)", hint: "count it first")
    }
    let phase = Int(truncatingIfNeeded: host.randomSeed("phase", options.seed &+ UInt64(index)) % 2)
    let depth: UInt8 = options.contrast == "weak" ? 40 : 120
    let pixels = (0..<Self.side * Self.side).map { position -> UInt8 in
      let line = index % 2 == 0 ? position / Self.side : position % Self.side
      return 64 + ((line + phase) % 4 < 2 ? depth : 0)
    }
    let owner = Pixels(pixels)
    return Tensor([Self.side, Self.side, 1], .uint8, over: owner.memory, owner: owner)
  }

  func name(at index: Int, in split: Split) -> String {
    guard index >= 0 else {
      return
        "alive: \(Self.datasets.load(ordering: .relaxed)) datasets, \(Self.samples.load(ordering: .relaxed)) samples"
    }
    return "stripes \(split) \(index)"
  }
}

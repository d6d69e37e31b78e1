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
  private static let live = Atomic(0)

  let specification = DatasetSpecification(
    sample: TensorSpecification(.uint8, [16, 16, 1], layout: "HWC"),
    tasks: [ClassificationTask("stripes", classes: ["lying", "standing"])])
  private let options: Options
  private let host: Host

  init(_ options: Options, host: Host) {
    (self.options, self.host) = (options, host)
    Self.live.add(1, ordering: .relaxed)
  }

  /// How many are left: the tests of leaks read it.
  deinit { host.metric("live/stripes", Double(Self.live.subtract(1, ordering: .relaxed).newValue)) }

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
    let phase = Int(truncatingIfNeeded: host.randomSeed("phase", options.seed &+ UInt64(index)) % 4)
    let depth: UInt8 = options.contrast == "weak" ? 40 : 120
    let pixels = (0..<Self.side * Self.side).map { position -> UInt8 in
      let line = index % 2 == 0 ? position / Self.side : position % Self.side
      return 64 + ((line + phase) % 4 < 2 ? depth : 0)
    }
    return Tensor([Self.side, Self.side, 1], pixels)
  }

  func name(at index: Int, in split: Split) -> String { "stripes \(split) \(index)" }
}

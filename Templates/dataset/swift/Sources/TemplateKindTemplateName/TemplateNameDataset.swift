import SentryPluginAPI

/// Grey images with a bright spot in the left or in the right half, generated: put your samples here.
struct TemplateNameDataset: Dataset {
  /// The host has checked them against the declarations in Plugin.swift and filled in the defaults.
  struct Options: Decodable {
    var count: Int
    var size: Int
    var seed: UInt64
  }
  let options: Options

  var specification: DatasetSpecification {
    DatasetSpecification(
      sample: TensorSpecification(.uint8, [options.size, options.size, 1], layout: "HWC"),
      tasks: [ClassificationTask("side", classes: ["left", "right"])])
  }

  /// 0 for a split that does not exist. Without a validation split, the host holds one out.
  func count(in split: Split) -> Int {
    switch split {
    case .train: options.count
    case .validation: options.count / 4
    case .test: 0
    }
  }

  /// One class for each task, nil where it is unknown. Cheap: the host asks for all of them before it trains.
  func targets(at index: Int, in split: Split) throws -> [Int?] {
    try check(index, split)
    return [index % 2]
  }

  /// Called from several threads at once. A damaged sample is a `PluginError.badData`, which a run may skip.
  func sample(at index: Int, in split: Split) throws -> Tensor {
    try check(index, split)
    var random = SplitMix(state: options.seed &+ UInt64(index) &* 3 &+ UInt64(split.rawValue))
    let (size, half) = (options.size, options.size / 2)
    let (row, column) = (random.below(size), half / 4 + random.below(half / 2) + index % 2 * half)
    let pixels = (0..<size * size).map { pixel in
      let (dy, dx) = (pixel / size - row, pixel % size - column)
      let isSpot = dy * dy + dx * dx <= size * size / 64
      return UInt8((isSpot ? 200 : 60) + random.below(40))
    }
    return Tensor([size, size, 1], pixels)
  }

  /// Where the sample comes from: messages name it.
  func name(at index: Int, in split: Split) -> String { "\(split) \(index)" }

  private func check(_ index: Int, _ split: Split) throws {
    guard index >= 0, index < count(in: split) else {
      throw PluginError.invalid("there is no sample \(index) in \(split), which has \(count(in: split))")
    }
  }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
private struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}

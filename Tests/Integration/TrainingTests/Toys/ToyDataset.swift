import SentryPluginAPI

/// Points around one centre for each class; a few lines of everything that a dataset can do.
struct ToyDataset: Dataset {
  static let features = 6

  var counts: [Split: Int] = [.train: 46, .validation: 17]
  var tasks = [ClassificationTask("colour", classes: ["red", "green", "blue"])]
  /// Training samples of each class are given out in this pattern.
  var pattern = [0, 1, 2, 0, 1, 0]
  var unreadable: Set<Int> = []
  var groupSize: Int?
  /// Where all features are this instead of what they should be.
  var poison: [Int: Float] = [:]

  var specification: DatasetSpecification {
    DatasetSpecification(sample: .init(.float32, [Self.features]), tasks: tasks, notes: ["a toy"])
  }
  func count(in split: Split) -> Int { counts[split] ?? 0 }
  func targets(at index: Int, in split: Split) throws -> [Int?] {
    let label = pattern[index % pattern.count]
    return tasks.map {
      $0.name == "constant" ? 1 : $0.name == "half" && index % 2 == 0 ? nil : label % $0.classes.count
    }
  }
  func sample(at index: Int, in split: Split) throws -> Tensor {
    if split == .train, unreadable.contains(index) {
      throw PluginError.badData("\(name(at: index, in: split)): damaged")
    }
    if split == .train, let value = poison[index] {
      return Tensor([Self.features], [Float](repeating: value, count: Self.features))
    }
    let label = pattern[index % pattern.count]
    var values = [Float](repeating: 0, count: Self.features)
    for feature in values.indices {
      let noise = (index &* 7919 &+ feature &* 104_729 &+ Int(split.rawValue) &* 31) % 97
      values[feature] = (feature == label ? 1.5 : 0) + Float(noise) / 97
    }
    return Tensor([Self.features], values)
  }
  func name(at index: Int, in split: Split) -> String { "\(split)/\(index)" }
  func group(at index: Int, in split: Split) -> Int? { groupSize.map { index / $0 } }
}

/// Adds noise that depends on the seed, more of it when strong; or brings samples to a wrong length.
struct ToyAugmenter: Augmenter {
  var outputSize = ToyDataset.features
  var specification: AugmenterSpecification {
    let shape = TensorSpecification(.float32, [ToyDataset.features])
    return AugmenterSpecification(input: shape, output: shape, normalisation: ["mean": 0.5, "std": [0.25, 0.5]])
  }
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let values = try input.elements(as: Float.self)
    let scale = Float(strength.rawValue) * 0.25
    let noise = (0..<outputSize).map { scale * Float((seed >> UInt64($0 * 8)) & 0xff) / 255 }
    return Tensor([outputSize], noise.enumerated().map { (values.indices.contains($0) ? values[$0] : 0) + $1 })
  }
}

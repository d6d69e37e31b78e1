import SentryPluginAPI
import Synchronization

/// A dataset of numbers: the sample is its own index.
final class PlainDataset: Dataset {
  let specification: DatasetSpecification
  let labels: [Split: [Int?]]
  let groups: [Int?]
  let unreadable: Set<Int>
  let names: [Split: [String]]
  /// Added to the values.
  let offset: Float
  /// Extents of the samples, where they are not all the same.
  let shape: @Sendable (Int) -> [Int]
  let reads = Mutex(0)
  let threads = Mutex<Set<String>>([])
  let onRead: @Sendable (Int) -> Void

  init(
    train: [Int?], validation: [Int?] = [], groups: [Int?] = [], unreadable: Set<Int> = [], classes: Int = 3,
    kind: DatasetSpecification.Groups? = nil, names: [Split: [String]] = [:], offset: Float = 0,
    shape: @escaping @Sendable (Int) -> [Int] = { _ in [2] }, onRead: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    specification = DatasetSpecification(
      sample: .init(.float32, [2]),
      tasks: [ClassificationTask("kind", classes: (0..<classes).map { "class \($0)" })],
      groups: kind)
    (self.names, self.offset) = (names, offset)
    labels = [.train: train, .validation: validation]
    (self.groups, self.unreadable, self.shape, self.onRead) = (groups, unreadable, shape, onRead)
  }

  func count(in split: Split) -> Int { labels[split]?.count ?? 0 }
  func targets(at index: Int, in split: Split) throws -> [Int?] { [labels[split]?[index] ?? nil] }
  func name(at index: Int, in split: Split) -> String { names[split]?[index] ?? "\(split)-\(index).png" }
  func group(at index: Int, in split: Split) -> Int? { groups.indices.contains(index) ? groups[index] : nil }
  func sample(at index: Int, in split: Split) throws -> Tensor {
    onRead(index)
    reads.withLock { $0 += 1 }
    if unreadable.contains(index) { throw PluginError.badData("the picture is cut short") }
    let tensor = Tensor(shape(index))
    try tensor.elements(as: Float.self).update(repeating: Float(index) + offset)
    return tensor
  }
}

/// Adds the strength in the hundreds and something of the seed below one.
struct SeedShowing: Augmenter {
  let specification = AugmenterSpecification(input: .init(.float32, [2]), output: .init(.float32, [2]))
  func apply(_ input: Tensor, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let output = Tensor(input.shape)
    let (from, to) = (try input.elements(as: Float.self), try output.elements(as: Float.self))
    for index in to.indices { to[index] = from[index] + Float(strength.rawValue) * 100 + Float(seed % 1021) / 2048 }
    return output
  }
}

import SentryPluginAPI
import SentryPosture
import Synchronization

/// Simulated people who change their posture and move in four manners, as sequences of the 15 features: training needs no
/// files. The labels follow from the motion; what a sequence is on the mean tells little of them.
final class SyntheticPosture: StatisticsProviding {
  let options: SyntheticPostureOptions
  let specification: DatasetSpecification
  /// What was made, as long as there is room: every epoch asks for it again.
  private let kept = Mutex<[Int: [Float]]>([:])
  private let mostKept: Int

  init(_ options: SyntheticPostureOptions) {
    self.options = options
    let shape = [options.sequenceLength, PostureFeatures.count]
    mostKept = (256 << 20) / (shape[0] * shape[1] * MemoryLayout<Float>.size)
    specification = DatasetSpecification(
      sample: TensorSpecification(.float32, shape, layout: "TF"), tasks: PostureTasks.all,
      notes: [
        "the people are simulated by Sentry, those of validation from other seeds than those of training: accuracies say nothing about real people"
      ])
  }

  func count(in split: Split) -> Int {
    switch split {
    case .train: options.count
    case .validation: options.validationCount
    case .test: 0
    }
  }

  func targets(at index: Int, in split: Split) throws -> [Int?] { try course(index, split).targets }

  func sample(at index: Int, in split: Split) throws -> Tensor {
    Tensor([options.sequenceLength, PostureFeatures.count], try features(index, split))
  }

  func name(at index: Int, in split: Split) -> String { "\(split) person \(index)" }

  /// Each sequence is of another person.
  func group(at index: Int, in split: Split) -> Int? { index * Split.allCases.count + Int(split.rawValue) }

  func statistics(of indices: [Int], in split: Split) throws -> FeatureStatistics {
    var sums = FeatureSums(width: PostureFeatures.count)
    for index in indices { sums.add(try features(index, split)) }
    return try sums.statistics()
  }

  /// Splits take turns on one line of numbers, so that no two people share one, however many there are.
  func seed(of index: Int, in split: Split) -> UInt64 {
    let number = UInt64(index) * UInt64(Split.allCases.count) + UInt64(split.rawValue)
    // The generator starts from well-mixed states only: both factors are odd, so this is one-to-one.
    return (number &* 0xD134_2543_DE82_EF95) ^ (UInt64(options.seed) &* 0xDA94_2042_E4DD_58B5)
  }

  private func course(_ index: Int, _ split: Split) throws -> Course {
    guard (0..<count(in: split)).contains(index) else {
      throw PluginError.invalid("there is no \(split) person \(index): the split has \(count(in: split))")
    }
    return Course(index: index, seed: seed(of: index, in: split))
  }

  private func features(_ index: Int, _ split: Split) throws -> [Float] {
    let course = try course(index, split)
    let key = index * Split.allCases.count + Int(split.rawValue)
    if let values = kept.withLock({ $0[key] }) { return values }
    let values = try Recording(course, frames: options.sequenceLength).features()
    kept.withLock { if $0.count < mostKept { $0[key] = values } }
    return values
  }
}

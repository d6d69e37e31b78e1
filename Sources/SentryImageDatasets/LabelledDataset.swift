import SentryPluginAPI
import SentryTables

/// A source and the class of what it holds.
public struct LabelledSample<Source: SampleSource>: Sendable {
  public let source: Source
  public let label: Int
  /// The person or recording; nil where nobody knows.
  public let group: Int?
  /// The probabilities of the classes, where the label is a distribution.
  public let distribution: [Float]?

  public init(_ source: Source, label: Int, group: Int? = nil, distribution: [Float]? = nil) {
    (self.source, self.label, self.group, self.distribution) = (source, label, group, distribution)
  }
}

/// A dataset of one task whose samples are known from the start and read when they are asked for.
public final class LabelledDataset<Source: SampleSource>: SoftTargetProviding {
  public let specification: DatasetSpecification
  private let splits: [Split: [LabelledSample<Source>]]
  public let providesSoftTargets: Bool

  /// - Parameters:
  ///   - shape: of a sample, -1 where it varies.
  ///   - groups: what samples of one group have in common.
  public init(
    task: String, vocabulary: ClassVocabulary, shape: [Int] = [-1, -1, -1],
    splits: [Split: [LabelledSample<Source>]], notes: [String], groups: DatasetSpecification.Groups? = nil
  ) {
    self.splits = splits
    providesSoftTargets = splits.values.contains { $0.contains { $0.distribution != nil } }
    specification = DatasetSpecification(
      sample: TensorSpecification(.uint8, shape, layout: "HWC"),
      tasks: [ClassificationTask(task, classes: vocabulary.classes)], notes: notes, groups: groups)
  }

  public func count(in split: Split) -> Int { splits[split]?.count ?? 0 }

  public func targets(at index: Int, in split: Split) throws -> [Int?] { [try sample(index, split).label] }

  public func softTargets(at index: Int, in split: Split) throws -> [[Float]?] {
    [try sample(index, split).distribution]
  }

  public func sample(at index: Int, in split: Split) throws -> Tensor { try sample(index, split).source.read() }

  public func name(at index: Int, in split: Split) -> String {
    (try? sample(index, split).source.name) ?? "no sample \(index) in \(split)"
  }

  public func group(at index: Int, in split: Split) -> Int? { try? sample(index, split).group }

  private func sample(_ index: Int, _ split: Split) throws -> LabelledSample<Source> {
    guard let samples = splits[split], samples.indices.contains(index) else {
      throw PluginError.invalid("\(split) has no sample \(index): it has \(count(in: split))")
    }
    return samples[index]
  }
}

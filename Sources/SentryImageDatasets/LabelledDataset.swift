import SentryPluginAPI
import SentryTables

/// A source and the class of what it holds.
public struct LabelledSample<Source: SampleSource>: Sendable {
  public let source: Source
  public let label: Int
  public init(_ source: Source, label: Int) { (self.source, self.label) = (source, label) }
}

/// A dataset of one task whose samples are known from the start and read when they are asked for.
public final class LabelledDataset<Source: SampleSource>: Dataset {
  public let specification: DatasetSpecification
  private let splits: [Split: [LabelledSample<Source>]]

  /// - Parameter shape: of a sample, -1 where it varies.
  public init(
    task: String, vocabulary: ClassVocabulary, shape: [Int] = [-1, -1, -1],
    splits: [Split: [LabelledSample<Source>]], notes: [String]
  ) {
    self.splits = splits
    specification = DatasetSpecification(
      sample: TensorSpecification(.uint8, shape, layout: "HWC"),
      tasks: [ClassificationTask(task, classes: vocabulary.classes)], notes: notes)
  }

  public func count(in split: Split) -> Int { splits[split]?.count ?? 0 }

  public func targets(at index: Int, in split: Split) throws -> [Int?] { [try sample(index, split).label] }

  public func sample(at index: Int, in split: Split) throws -> Tensor { try sample(index, split).source.read() }

  public func name(at index: Int, in split: Split) -> String {
    (try? sample(index, split).source.name) ?? "no sample \(index) in \(split)"
  }

  private func sample(_ index: Int, _ split: Split) throws -> LabelledSample<Source> {
    guard let samples = splits[split], samples.indices.contains(index) else {
      throw PluginError.invalid("\(split) has no sample \(index): it has \(count(in: split))")
    }
    return samples[index]
  }
}

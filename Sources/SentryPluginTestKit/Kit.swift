/// The laws as functions for an author's own tests:
/// ```swift
/// for outcome in checkDataset(MyFaces(path)) { #expect(outcome.verdict != .violated, "\(outcome)") }
/// ```
/// A violated law is reported with its name and what was found; the same seed repeats it.
import SentryPluginAPI

/// - Parameters:
///   - seed: of all random samples.
///   - strictness: laws up to this level are tested, 1 to 5.
public func checkDataset(_ dataset: any Dataset, seed: UInt64 = 0, strictness: Int = 5) -> [LawOutcome] {
  check(DatasetLaws.all, dataset, seed, strictness)
}

/// The same of a dataset that reads files, and what it makes of copies of them that are damaged.
///
/// - Parameter make: makes the dataset from the file or folder at a path.
public func checkDataset(
  at path: String, seed: UInt64 = 0, strictness: Int = 5,
  _ make: @escaping @Sendable (_ path: String) throws -> any Dataset
) throws -> [LawOutcome] {
  checkDataset(try make(path), seed: seed, strictness: strictness)
    + check(DamageLaws.all, DatasetOfFiles(path, make), seed, strictness)
}

public func checkAugmenter(_ augmenter: any Augmenter, seed: UInt64 = 0, strictness: Int = 5) -> [LawOutcome] {
  check(AugmenterLaws.all, augmenter, seed, strictness)
}

/// - Parameter make: makes a model whose random weights follow the seed.
public func checkModel(
  seed: UInt64 = 0, strictness: Int = 5, _ make: @escaping @Sendable (_ seed: UInt64) throws -> any Model
) -> [LawOutcome] {
  check(ModelLaws.all, ModelMaker(make), seed, strictness)
}

/// - Parameter make: makes a trainer, each time with the same options. It crosses the border as in the host.
public func checkTrainer(
  seed: UInt64 = 0, strictness: Int = 5, _ make: @escaping @Sendable () throws -> any Trainer
) -> [LawOutcome] {
  check(TrainerLaws.all, TrainerMaker { try ImportedTrainer(of: make()) }, seed, strictness)
}

private func check<Subject>(_ laws: [Law<Subject>], _ subject: Subject, _ seed: UInt64, _ strictness: Int)
  -> [LawOutcome]
{
  laws.filter { $0.level <= strictness }.map { $0.run(on: subject, seed: seed) }
}

import CSentryPlugin
import SentryPluginAPI

/// A sample that could not be read and was left out.
package struct SkippedSample: Codable, Sendable, Hashable {
  package var split: Split
  package var index: Int
  package var name: String
  package var reason: String

  package init(split: Split, index: Int, name: String, reason: String) {
    self.split = split
    self.index = index
    self.name = name
    self.reason = reason
  }
}

/// Reads a sample, augments it and checks that the model can take it. Called from several threads at once.
package struct SampleReader: Sendable {
  /// What becomes of a sample that cannot be read, once ``skipBad`` allows it.
  package enum Remedy: Sendable {
    /// The next readable sample of the same class (of the first task) in index order stands in, so that batches stay full.
    case replace
    /// The sample is missing from its batch: in validation nothing may count twice.
    case leaveOut
  }

  package struct Reading: Sendable {
    /// The sample, and its position in the list; nil where it was left out.
    package var sample: (position: Int, tensor: Tensor)?
    package var skipped: [SkippedSample] = []
  }

  package let dataset: any Dataset
  package let augmenter: (any Augmenter)?
  /// What the model takes, without varying extents.
  package let input: TensorSpecification
  package let seed: UInt64
  /// How many unreadable samples the run may leave out.
  package let skipBad: Int
  /// Keeps samples in memory; nil reads each anew.
  package var cache: SampleCache?
  /// Measures where the loaders' time goes.
  package var clock: LoadingClock?

  package init(
    dataset: any Dataset, augmenter: (any Augmenter)?, input: TensorSpecification, seed: UInt64, skipBad: Int,
    cache: SampleCache? = nil, clock: LoadingClock? = nil
  ) {
    self.dataset = dataset
    self.augmenter = augmenter
    self.input = input
    self.seed = seed
    self.skipBad = skipBad
    self.cache = cache
    self.clock = clock
  }

  /// The random stream of a sample depends on the run's seed, the epoch, the sample and how often it was drawn: not on its
  /// place in the epoch and not on the thread.
  package func read(_ draw: SampleDraw, of list: SampleList, epoch: Int, strength: AugmentStrength, remedy: Remedy)
    throws
    -> Reading
  {
    let stream = Seed.derive(
      seed, "augment", UInt64(epoch), UInt64(list.indices[draw.position]), UInt64(draw.ordinal))
    var reading = Reading()
    var position = draw.position
    while true {
      do {
        let tensor = try prepare(list.indices[position], of: list.split, strength: strength, seed: stream)
        reading.sample = (position, tensor)
        return reading
      } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
        let name = dataset.name(at: list.indices[position], in: list.split)
        reading.skipped.append(
          SkippedSample(split: list.split, index: list.indices[position], name: name, reason: error.message))
        guard reading.skipped.count <= skipBad else { throw Self.unreadable(name, error, allowed: skipBad) }
        if remedy == .leaveOut { return reading }
        guard let next = Self.successor(of: position, in: list), next != draw.position else {
          throw PluginError.badData(
            "\(name) cannot be read, and no other sample of its class can replace it: \(error.message)",
            hint: "repair or remove the file")
        }
        position = next
      }
    }
  }

  package static func unreadable(_ name: String, _ error: PluginError, allowed: Int) -> PluginError {
    let what = error.message.contains(name) ? error.message : "\(name): \(error.message)"
    return .badData(
      allowed == 0 ? what : "\(what); more samples are unreadable than --skip-bad \(allowed) allows",
      hint: (error.hint.map { "\($0); " } ?? "") + "--skip-bad N skips up to N unreadable samples")
  }

  /// The next position of the same class, from the end on to the start; nil where the class has no other.
  private static func successor(of position: Int, in list: SampleList) -> Int? {
    func label(_ position: Int) -> Int64 { list.targets[position * list.taskCount] }
    let (after, before) = (position + 1..<list.count, 0..<position)
    return after.first { label($0) == label(position) } ?? before.first { label($0) == label(position) }
  }

  private func prepare(_ index: Int, of split: Split, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    guard let dataset = dataset as? ImportedDataset else {
      return try read(index, of: split, strength: strength, seed: seed)
    }
    // What the augmenter does to it is told with the sample, too.
    return try dataset.callee.during("preparing sample", SamplePlace(index, of: split)) {
      try read(index, of: split, strength: strength, seed: seed)
    }
  }

  private func read(_ index: Int, of split: Split, strength: AugmentStrength, seed: UInt64) throws -> Tensor {
    let raw = try LoadingClock.timed(clock, \.reading) {
      try cache?.sample(at: index, in: split, of: dataset) ?? dataset.sample(at: index, in: split)
    }
    let tensor = try LoadingClock.timed(clock, \.augmenting) {
      try augmented(raw, SamplePlace(index, of: split), strength: strength, seed: seed)
    }
    guard tensor.dtype == input.dtype, tensor.shape == input.shape, tensor.deviceType == SENTRY_DEVICE_CPU else {
      let got = TensorSpecification(tensor.dtype, tensor.shape)
      throw PluginError.invalid(
        "\(dataset.name(at: index, in: split)), sample \(SamplePlace(index, of: split)): the \(augmenter == nil ? "dataset" : "augmenter") gives \(got)"
          + (tensor.deviceType == SENTRY_DEVICE_CPU ? "" : " on device type \(tensor.deviceType)")
          + ", but the model takes \(input)",
        hint: augmenter == nil
          ? "choose an augmenter that gives all samples one shape"
          : "set the augmenter's and the model's input size to the same value")
    }
    return tensor
  }

  /// - Throws: what the augmenter throws, with the sample.
  private func augmented(_ raw: Tensor, _ place: SamplePlace, strength: AugmentStrength, seed: UInt64) throws -> Tensor
  {
    guard let augmenter else { return raw }
    do { return try augmenter.apply(raw, strength: strength, seed: seed) } catch let error as PluginError {
      let whole = error.titled((augmenter as? ImportedAugmenter)?.callee.title ?? "the augmenter")
      throw PluginError(
        "\((dataset as? ImportedDataset)?.callee.title ?? "the dataset"), sample \(place): \(whole.message)",
        hint: error.hint, code: error.code)
    }
  }
}

extension SampleReader {
  /// The dataset, where its labels are distributions.
  var softTargets: (any SoftTargetProviding)? {
    (dataset as? any SoftTargetProviding).flatMap { $0.providesSoftTargets ? $0 : nil }
  }

  /// The distributions of a sample's labels, one task after the other, NaN for a task without; empty where the dataset has none.
  func softTargets(at position: Int, of list: SampleList) throws -> [Float] {
    guard let dataset = softTargets else { return [] }
    let targets = try dataset.softTargets(at: list.indices[position], in: list.split)
    return zip(dataset.specification.tasks, targets).flatMap { task, target in
      target ?? [Float](repeating: .nan, count: task.classes.count)
    }
  }

  /// The model's input with varying extents filled in from the first readable sample of the list.
  package static func settled(
    _ input: TensorSpecification, dataset: any Dataset, augmenter: (any Augmenter)?, list: SampleList, skipBad: Int
  ) throws -> TensorSpecification {
    guard input.shape.contains(-1) else { return input }
    var bad = 0
    for index in list.indices {
      do {
        let raw = try dataset.sample(at: index, in: list.split)
        let tensor = try augmenter?.apply(raw, strength: .none, seed: 0) ?? raw
        let found = TensorSpecification(tensor.dtype, tensor.shape, layout: input.layout)
        guard input.accepts(found) else {
          throw PluginError.invalid(
            "\(dataset.name(at: index, in: list.split)): samples are \(found), but the model takes \(input)",
            hint: "choose another augmenter or model")
        }
        return found
      } catch let error as PluginError where error.code == SENTRY_BAD_DATA {
        bad += 1
        guard bad <= skipBad else {
          throw unreadable(dataset.name(at: index, in: list.split), error, allowed: skipBad)
        }
      }
    }
    throw PluginError.badData("no training sample can be read")
  }
}

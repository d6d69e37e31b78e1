import CSentryPlugin
import SentryPluginAPI

/// What every dataset must do. At most ``sampled`` samples of each split are read, spread over it.
public enum DatasetLaws {
  static let sampled = 24

  public static let all: [Law<any Dataset>] = [
    Law("dataset.description", level: 1, "Tasks and classes have names, and no two are alike.") { dataset, _ in
      let specification = dataset.specification
      try require(
        !specification.sample.shape.contains { $0 == 0 || $0 < -1 },
        "an extent of \(specification.sample) is neither positive nor -1")
      try requireNames(specification.tasks.map(\.name), "task")
      for task in specification.tasks { try requireNames(task.classes, "class of task '\(task.name)'") }
    },
    Law("dataset.count-is-stable", level: 1, "A split has a number of samples that does not change.") { dataset, _ in
      let counts = Split.allCases.map(dataset.count)
      try require(counts.allSatisfy { $0 >= 0 }, "a split has \(counts.min() ?? 0) samples")
      guard counts.contains(where: { $0 > 0 }) else { throw Skip("the dataset is empty") }
      for place in try places(of: dataset) { _ = try? dataset.sample(at: place.index, in: place.split) }
      try require(Split.allCases.map(dataset.count) == counts, "the number of samples changed after samples were read")
    },
    Law("dataset.samples-as-declared", level: 1, "Samples have the type and the shape that the description states.") {
      dataset, _ in
      let declared = dataset.specification.sample
      for place in try places(of: dataset) {
        let sample = try dataset.sample(at: place.index, in: place.split)
        try require(
          sample.fits(declared), "\(place.title(dataset)) is \(sample.title); the description says \(declared)")
        try require(
          sample.deviceType == SENTRY_DEVICE_CPU,
          "\(place.title(dataset)) is on device type \(sample.deviceType); samples are on the CPU")
      }
    },
    Law("dataset.targets-in-range", level: 1, "Every target is the index of a class, or missing.") { dataset, _ in
      let tasks = dataset.specification.tasks
      for place in try places(of: dataset, most: 10_000) {
        let targets = try dataset.targets(at: place.index, in: place.split)
        try require(
          targets.count == tasks.count, "\(place.title(dataset)) has \(targets.count) targets for \(tasks.count) tasks")
        for (task, target) in zip(tasks, targets) {
          guard let target else { continue }
          try require(
            task.classes.indices.contains(target),
            "\(place.title(dataset)): class \(target) of task '\(task.name)', which has \(task.classes.count)")
        }
      }
    },
    Law("dataset.same-bytes-twice", level: 2, "Reading a sample again gives the same bytes.") { dataset, _ in
      for place in try places(of: dataset) {
        let first = try dataset.sample(at: place.index, in: place.split)
        let second = try dataset.sample(at: place.index, in: place.split)
        try require(
          first.shape == second.shape && first.bytes == second.bytes,
          "\(place.title(dataset)) has other bytes when it is read again")
      }
    },
    Law("dataset.names-are-stable", level: 2, "Every sample has a name and a group that do not change.") {
      dataset, run in
      var unnamed = 0
      for place in try places(of: dataset, most: 2000) {
        let name = dataset.name(at: place.index, in: place.split)
        if name.isEmpty { unnamed += 1 }
        try require(name == dataset.name(at: place.index, in: place.split), "the name of sample \(place.index) changes")
        try require(
          dataset.group(at: place.index, in: place.split) == dataset.group(at: place.index, in: place.split),
          "the group of \(place.title(dataset)) changes")
      }
      try require(unnamed == 0, "\(unnamed) samples have no name: messages cannot tell which sample is damaged")
    },
    Law("dataset.bounds", level: 2, "A sample outside of its split is an error.") { dataset, _ in
      for split in Split.allCases {
        for index in [-1, dataset.count(in: split), Int.max] {
          try requireError("sample \(index) of \(split), which has \(dataset.count(in: split)),") {
            _ = try dataset.sample(at: index, in: split)
          }
          try requireError("the target of sample \(index) of \(split), which has \(dataset.count(in: split)),") {
            _ = try dataset.targets(at: index, in: split)
          }
        }
      }
    },
    Law("dataset.finite", level: 2, "Samples have no NaN and no infinity.") { dataset, _ in
      for place in try places(of: dataset) {
        let sample = try dataset.sample(at: place.index, in: place.split)
        if let index = try sample.firstNotFinite() {
          throw Violation(
            "\(place.title(dataset)): element \(index) is not a finite number; a damaged sample is an error of code SENTRY_BAD_DATA"
          )
        }
      }
    },
    Law("dataset.same-bytes-from-threads", level: 3, "Eight threads read the same bytes as one.") { dataset, _ in
      let places = try places(of: dataset)
      let expected = try places.map { try dataset.sample(at: $0.index, in: $0.split).bytes }
      let equal = try onEightThreads { thread in
        // Each begins elsewhere, so that they meet in every sample.
        try places.indices.first { index in
          let at = (index + thread * places.count / 8) % places.count
          return try dataset.sample(at: places[at].index, in: places[at].split).bytes != expected[at]
        }
      }
      try require(
        equal.allSatisfy { $0 == nil },
        "a thread read other bytes than the others; `sample` is called from several threads at once")
    },
    Law("dataset.statistics", level: 3, "Statistics are finite, one for each feature, with positive deviations.") {
      dataset, _ in
      guard let providing = dataset as? any StatisticsProviding, providing.providesStatistics else {
        throw Skip("the dataset offers no statistics")
      }
      let count = dataset.count(in: .train)
      guard count > 0 else { throw Skip("there are no training samples") }
      let statistics = try providing.statistics(of: Array(0..<min(count, 200)), in: .train)
      let features = dataset.specification.sample.shape.last ?? 1
      try require(
        features == -1 || statistics.mean.count == features, "\(statistics.mean.count) means for \(features) features")
      try require(
        statistics.mean.count == statistics.std.count,
        "\(statistics.std.count) deviations for \(statistics.mean.count) means")
      try require((statistics.mean + statistics.std).allSatisfy(\.isFinite), "a statistic is not a finite number")
      try require(statistics.std.allSatisfy { $0 >= 0 }, "a deviation is negative")
    },
  ]

  /// Where a sample stands.
  struct Place {
    let split: Split
    let index: Int
    func title(_ dataset: any Dataset) -> String {
      "sample \(index) of \(split) ('\(dataset.name(at: index, in: split))')"
    }
  }

  /// Samples of every split, spread evenly over it, first and last among them.
  static func places(of dataset: any Dataset, most: Int = sampled) throws -> [Place] {
    let places = Split.allCases.flatMap { split -> [Place] in
      let count = dataset.count(in: split)
      guard count > 0 else { return [] }
      guard count > most else { return (0..<count).map { Place(split: split, index: $0) } }
      return (0..<most).map { Place(split: split, index: $0 * (count - 1) / (most - 1)) }
    }
    guard !places.isEmpty else { throw Skip("the dataset is empty") }
    return places
  }

  private static func requireNames(_ names: [String], _ what: String) throws {
    try require(!names.isEmpty, "there is no \(what)")
    for (index, name) in names.enumerated() {
      try require(!name.allSatisfy(\.isWhitespace), "\(what) \(index) has no name")
      try require(names.firstIndex(of: name) == index, "two are called '\(name)': \(what)")
    }
  }
}

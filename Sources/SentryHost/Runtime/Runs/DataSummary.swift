import SentryPluginAPI

/// How many samples of which class a run works on.
package struct DataSummary: Codable, Sendable, Equatable {
  package struct Task: Codable, Sendable, Equatable {
    package var name: String
    package var classes: [String]
    package var counts: [Int]
    package var unlabelled: Int
  }
  package struct Side: Codable, Sendable, Equatable {
    package var samples: Int
    package var tasks: [Task]
    /// A number for which samples with which targets these are; nil in older records.
    package var fingerprint: String?
  }

  package var train: Side
  package var validation: Side
  /// What the dataset says of itself, and how the sides came about.
  package var notes: [String]
  /// The tasks that have one class at most in the training data: they are left out of mean accuracies.
  package var constantTasks: [String]
  /// What made the samples, where the dataset says.
  package var origin: JSONValue?

  enum CodingKeys: String, CodingKey {
    case train, validation, notes, origin
    case constantTasks = "constant_tasks"
  }

  package init(_ partition: DataPartition, _ specification: DatasetSpecification) {
    train = Self.side(partition.train, specification.tasks)
    validation = Self.side(partition.validation, specification.tasks)
    notes = specification.notes + partition.notes
    constantTasks = train.tasks.filter { task in task.counts.count { $0 > 0 } <= 1 }.map(\.name)
    origin = specification.origin
  }

  private static func side(_ list: SampleList, _ tasks: [ClassificationTask]) -> Side {
    Side(
      samples: list.count,
      tasks: tasks.enumerated().map { index, task in
        let counts = list.counts(ofTask: index, classes: task.classes.count)
        return Task(
          name: task.name, classes: task.classes, counts: counts, unlabelled: list.count - counts.reduce(0, +))
      }, fingerprint: String(list.fingerprint(0), radix: 16))
  }
}

import SentryPluginAPI

/// How many samples of which class a run works on.
struct DataSummary: Codable, Sendable, Equatable {
  struct Task: Codable, Sendable, Equatable {
    var name: String
    var classes: [String]
    var counts: [Int]
    var unlabelled: Int
  }
  struct Side: Codable, Sendable, Equatable {
    var samples: Int
    var tasks: [Task]
    /// A number for which samples with which targets these are; nil in older records.
    var fingerprint: String?
  }

  var train: Side
  var validation: Side
  /// What the dataset says of itself, and how the sides came about.
  var notes: [String]
  /// The tasks that have one class at most in the training data: they are left out of mean accuracies.
  var constantTasks: [String]
  /// What made the samples, where the dataset says.
  var origin: JSONValue?

  enum CodingKeys: String, CodingKey {
    case train, validation, notes, origin
    case constantTasks = "constant_tasks"
  }

  init(_ partition: DataPartition, _ specification: DatasetSpecification) {
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

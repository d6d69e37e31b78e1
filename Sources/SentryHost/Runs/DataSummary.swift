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
  }

  var train: Side
  var validation: Side
  /// What the dataset says of itself, and how the sides came about.
  var notes: [String]

  init(_ partition: DataPartition, _ specification: DatasetSpecification) {
    train = Self.side(partition.train, specification.tasks)
    validation = Self.side(partition.validation, specification.tasks)
    notes = specification.notes + partition.notes
  }

  private static func side(_ list: SampleList, _ tasks: [ClassificationTask]) -> Side {
    Side(
      samples: list.count,
      tasks: tasks.enumerated().map { index, task in
        let counts = list.counts(ofTask: index, classes: task.classes.count)
        return Task(
          name: task.name, classes: task.classes, counts: counts, unlabelled: list.count - counts.reduce(0, +))
      })
  }
}

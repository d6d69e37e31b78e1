import SentryPluginAPI
import SentryRuntime

/// What a run's model answered on a split, with what was measured meanwhile: kept in evaluation.json, so that a comparison that was
/// interrupted does not evaluate again, and so that others can compute from the answers.
package struct StoredEvaluation: Codable, Sendable {
  static let name = "evaluation.json"
  private static let largest = 1 << 30

  struct Task: Codable, Sendable, Equatable {
    var name: String
    var classes: [String]
    /// Of each sample; null where unlabelled.
    var truth: [Int?]
    var predicted: [Int]
  }

  /// What decides on the answers: equal origins, equal answers.
  struct Origin: Codable, Sendable, Equatable {
    var checkpointSHA256: String
    /// test, validation or train.
    var split: String
    /// Of the samples and their targets.
    var samples: String
    /// By kind.
    var components: [String: Component]

    struct Component: Codable, Sendable, Equatable {
      var name: String
      var sha256: String
      /// JSON.
      var options: String
    }
  }

  var origin: Origin
  var checkpoint: String
  /// Of the checkpoint's file, with the optimiser's state.
  var checkpointBytes: Int
  var names: [String]
  /// The split of the dataset that the samples are read from, and their indices there.
  var readFrom: String
  var indices: [Int]
  var tasks: [Task]
  /// The tasks whose heads learned nothing.
  var untrainedTasks: [String]
  var skipped: [SkippedSample]
  var notes: [String]
  var dataset: RunPlan.Choice
  var size: ModelSize
  /// Of the model's evaluation passes, without loading; nil where nothing was measured.
  var secondsPerSample: Double?
  var batchSize: Int
  var threads: Int
  var place: ModelPlace

  /// nil where there is none. Throws ``PluginError`` for one that is damaged.
  static func read(in folder: String) throws -> StoredEvaluation? {
    let path = "\(folder)/\(name)"
    guard let text = try SystemFile.text(path, limit: largest) else { return nil }
    return try StoredEvaluation(text: text, path: path)
  }

  func write(to folder: String) throws {
    try AtomicFile.write(try JSON.text(self) + "\n", to: "\(folder)/\(Self.name)")
  }
}

extension StoredEvaluation {
  /// Reads the text of a file, which another program may have written.
  init(text: String, path: String) throws {
    self = try JSON.decode(from: text, what: path)
    guard indices.count == names.count else {
      throw PluginError.badData("\(path): there are \(names.count) names and \(indices.count) indices")
    }
    for task in tasks {
      guard task.truth.count == names.count, task.predicted.count == names.count else {
        throw PluginError.badData(
          "\(path): the task '\(task.name)' has \(task.truth.count) labels and \(task.predicted.count) answers for \(names.count) samples"
        )
      }
      guard (task.truth.compactMap(\.self) + task.predicted).allSatisfy(task.classes.indices.contains) else {
        throw PluginError.badData("\(path): a label or an answer is none of the classes of the task '\(task.name)'")
      }
    }
  }
}

extension Split {
  /// As JSON has it.
  init?(title: String) {
    guard let split = Split.allCases.first(where: { "\($0)" == title }) else { return nil }
    self = split
  }
}

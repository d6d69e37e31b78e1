import SentryPluginAPI
import SentryRuntime

extension ModelFile {
  /// `false` in a task of what a run says of its model: the training had no labels for it, or all of one class. Its head answers
  /// all the same.
  package static let trainedKey = "trained"
  /// `average` in what a run says of its model that is an average of the weights over the training.
  package static let weightsKey = "weights"
}

/// What is told of a task whose head learned nothing, wherever its numbers stand.
enum UntrainedTask {
  static func note(_ task: String) -> String {
    "'\(task)' was not trained: its training labels are missing or all of one class. Its numbers mean nothing."
  }
}

/// What a run says of its model, as ``ModelFile/about`` has it.
extension JSONValue {
  /// The names of the tasks whose heads learned nothing.
  package var untrainedTasks: [String] {
    (self["tasks"]?.arrayValue ?? []).compactMap { task in
      task[ModelFile.trainedKey]?.boolValue == false ? task["name"]?.stringValue : nil
    }
  }

  /// The same with the marks that a checkpoint from before there were any lacks: the record of the run beside it has them.
  func markingUntrainedTasks(beside path: String) -> JSONValue {
    guard var members = objectValue, let tasks = members["tasks"]?.arrayValue, untrainedTasks.isEmpty,
      // A run.json that is none of ours, or damaged, says nothing of the model.
      let constant = try? RunRecord.read(at: Paths.folder(of: path)).data.constantTasks, !constant.isEmpty
    else { return self }
    members["tasks"] = .array(
      tasks.map { task in
        guard let name = task["name"]?.stringValue, constant.contains(name), var marked = task.objectValue else {
          return task
        }
        marked[ModelFile.trainedKey] = false
        return .object(marked)
      })
    return .object(members)
  }
}

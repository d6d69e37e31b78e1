import SentryFormats
import SentryPluginAPI
import SentryPosture
import SentryTables

/// The tasks that labels of feature vectors may be of, with their classes in fixed order.
enum FeatureTasks {
  private static let severity = ["minimal", "mild", "moderate", "severe"]

  static let known = [
    ClassificationTask("stress", classes: ["low", "moderate", "high"]),
    ClassificationTask("depression", classes: severity),
    ClassificationTask("anxiety", classes: severity),
    ClassificationTask("posture_archetype", classes: PostureTasks.posture.classes),
    ClassificationTask("stress_indicator", classes: PostureTasks.stress.classes),
    PostureTasks.trajectory,
  ]

  static let file = "tasks.json"

  /// The known tasks, or those that a `tasks.json` beside the labels states: `[{"name": "emotion", "classes": ["neutral", …]}]`.
  /// - Throws: ``PluginError`` (bad data) that names the file.
  static func read(beside labels: String) throws -> [ClassificationTask] {
    let path = Folder(Paths.folder(of: labels)).join(file)
    guard (try? entryKind(at: path)) == .file else { return known }
    let text = try mappingFormatErrors { try TextFile.read(path, limit: 1 << 20) }
    let tasks: [ClassificationTask]
    do {
      tasks = try JSON.decode(from: text, what: path)
    } catch let error as PluginError {
      throw PluginError.badData(
        error.message, hint: #"it must look like [{"name": "stress", "classes": ["low", "high"]}]"#)
    }
    for (position, task) in tasks.enumerated() {
      guard !task.name.isEmpty, task.classes.count > 1, Set(task.classes).count == task.classes.count else {
        throw PluginError.badData("\(path): task \(position + 1) needs a name and two or more different classes")
      }
    }
    guard Set(tasks.map(\.name)).count == tasks.count, !tasks.isEmpty else {
      throw PluginError.badData("\(path): it must state each task once, and at least one")
    }
    return tasks
  }
}

import SentryPluginAPI

/// What is asked of a sequence of postures, with the classes in their fixed order.
public enum PostureTasks {
  public static let posture = ClassificationTask("posture", classes: ["upright", "slouched", "open", "closed"])
  public static let stress = ClassificationTask(
    "stress", classes: ["calm", "fidgeting", "restless", "excessive_stillness"])
  public static let trajectory = ClassificationTask("trajectory", classes: ["stable", "deteriorating", "improving"])

  public static let all = [posture, stress, trajectory]
}

import SentryPluginAPI

/// What is asked of a sequence of postures, with the classes in their fixed order.
public enum PostureTasks {
  public static let posture = ClassificationTask("posture", classes: ["upright", "slouched", "open", "closed"])
  public static let stress = ClassificationTask("stress", classes: Stress.allCases.map(\.rawValue))
  public static let trajectory = ClassificationTask("trajectory", classes: Trajectory.allCases.map(\.rawValue))

  public static let all = [posture, stress, trajectory]
}

/// A class of a task that rules can give: its name is the raw value, its number its place among all cases.
public protocol PostureClass: RawRepresentable, CaseIterable, Equatable, Sendable where RawValue == String {}

extension PostureClass {
  public var number: Int { Self.allCases.prefix { $0 != self }.count }
}

public enum Stress: String, PostureClass { case calm, fidgeting, restless, excessiveStillness = "excessive_stillness" }

public enum Trajectory: String, PostureClass { case stable, deteriorating, improving }

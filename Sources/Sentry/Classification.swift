/// The prediction of a model for one sample.
public struct Classification: Sendable, Equatable {
  /// The prediction for one task.
  public struct Answer: Sendable, Equatable {
    /// The name of the task.
    public let task: String
    /// The class with the largest probability.
    public let label: String
    /// The probability of every class, from 0 to 1; they add up to 1.
    public let probabilities: [String: Double]

    /// The probability of the label.
    public var confidence: Double { probabilities[label] ?? 0 }
  }

  /// The file, as it was given; with a number in brackets where it holds several samples.
  public let file: String
  /// One for each task of the model, in its order.
  public let answers: [Answer]

  /// The class of the model's first task, which is its only one in most cases.
  public var label: String { answers.first?.label ?? "" }

  /// The probability of every class of the first task.
  public var probabilities: [String: Double] { answers.first?.probabilities ?? [:] }

  /// The probability of ``label``.
  public var confidence: Double { answers.first?.confidence ?? 0 }

  /// The answer to the question of this name.
  public subscript(task: String) -> Answer? { answers.first { $0.task == task } }
}

internal import SentryInference
internal import SentryPluginAPI

/// Trained models on frames: each checkpoint says which detector finds what its model classifies, as `sentry demo` does.
///
/// ```swift
/// let classifier = try LiveClassifier(checkpoints: ["best_model.pth"])
/// for result in try classifier.predict(frame) { print(result.box, result.label, result.confidence) }
/// ```
///
/// Models give research indicators, never a diagnosis. For use by one thread at a time.
public final class LiveClassifier {
  /// What the models predict for one instance in a frame.
  public struct Result: Sendable, Equatable {
    public let box: Rectangle
    /// What the detector finds, in one word.
    public let kind: String
    /// The same number is the same instance in all frames; nil without tracking.
    public let id: Int?
    /// One for each task; empty until a window of frames is complete.
    public let answers: [Classification.Answer]

    /// The class of the first task.
    public var label: String { answers.first?.label ?? "" }
    /// The probability of ``label``.
    public var confidence: Double { answers.first?.confidence ?? 0 }
  }

  private let runtime: LibraryRuntime
  private let pipeline: LivePipeline

  /// - Parameters:
  ///   - checkpoints: `.pth` or safetensors; for a model of embeddings also the model that computes them.
  ///   - smoothing: seconds over which probabilities are averaged; 0: not at all.
  public init(checkpoints: [String], smoothing: Double = 0, plugins: Plugins = .standard) throws {
    runtime = try plugins.runtime()
    pipeline = try runtime.pipeline(checkpoints, options: LiveOptions(smoothing: smoothing))
  }

  /// - Parameter frame: the next of a video, or a picture.
  public func predict(_ frame: Frame) throws -> [Result] {
    let frames = VideoFrame(image: frame.image, time: frame.time, index: 0)
    return try runtime.using { _ in try pipeline.next(frames) }.sightings.map { sighting in
      Result(
        box: Rectangle(sighting.instance.box, in: frame), kind: sighting.what, id: sighting.instance.id,
        answers: sighting.answers.map { answer in
          Classification.Answer(
            task: answer.task.name, label: answer.label,
            probabilities: Dictionary(zip(answer.task.classes, answer.probabilities)) { first, _ in first })
        })
    }
  }
}

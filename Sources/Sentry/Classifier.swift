internal import SentryInference
internal import SentryRuntime
internal import SentryPluginAPI

/// A trained model, ready to classify files.
///
/// ```swift
/// import Sentry
///
/// let classifier = try Classifier(checkpoint: "best_model.pth")
/// let result = try classifier.classify("photo.jpg")
/// print(result.label, result.probabilities)
/// ```
///
/// The checkpoint says which model it is, what its classes are, and how files become its input: that is done as validation did
/// it. Model and preprocessing are plugins. They are looked for where the program `sentry` looks for them: in
/// `pluginDirectories`, `SENTRY_PLUGIN_PATH`, `~/.local/share/sentry/plugins`, beside this program and in `../lib/sentry/plugins`
/// from it.
///
/// `classify` may be called from any thread; calls wait for each other, since a model computes with all cores already. Plugins may
/// expect to be made and ended on the main thread: make a classifier there, and let go of it there. What plugins have to say
/// goes to swift-log. Errors are `CustomStringConvertible`: they name the file, the reason and what to do.
///
/// Models give research indicators, never a diagnosis.
public final class Classifier: Sendable {
  /// A question that the model answers, and its classes in order.
  public struct Task: Sendable, Equatable {
    public let name: String
    public let classes: [String]
  }

  /// What the model answers; at least one.
  public let tasks: [Task]
  private let classifier: LibraryClassifier

  /// Loads a checkpoint, its model and its preprocessing.
  ///
  /// - Parameters:
  ///   - checkpoint: a `.pth` file that `sentry train` wrote, or safetensors that `sentry export` wrote.
  ///   - pluginDirectories: folders of plugins, before all others.
  ///   - lowLight: brighten dark images and even out their contrast before the model sees them, as `sentry predict --low-light`
  ///     does.
  /// - Throws: where the file is no such checkpoint, a plugin is missing, or the preprocessing knows no low light.
  public init(checkpoint: String, pluginDirectories: [String] = [], lowLight: Bool = false) throws {
    classifier = try LibraryClassifier(
      checkpoint: checkpoint, folders: pluginDirectories, options: lowLight ? ["low-light": true] : [:])
    tasks = classifier.tasks.map { Task(name: $0.name, classes: $0.classes) }
  }

  /// Classifies one file that holds one sample: an image, for models of images.
  ///
  /// - Throws: where the file cannot be read, is damaged, or holds several samples (for those: ``classify(_:)-([String])``).
  public func classify(_ file: String) throws -> Classification {
    let results = try classify([file])
    guard let result = results.first, results.count == 1 else {
      throw PluginError.invalid(
        "\(file) holds \(results.count) samples", hint: "classify([file]) gives the result of each")
    }
    return result
  }

  /// Classifies files and, of folders, all files below them; many at once are faster than one by one.
  ///
  /// - Parameter files: what the model's preprocessing reads, images for example; or `.npy` arrays, preprocessed as in training.
  /// - Returns: a result for each sample, in the order of the files; those of one folder are sorted by their paths.
  /// - Throws: for the first file that cannot be read.
  public func classify(_ files: [String]) throws -> [Classification] {
    let prediction = try classifier.predict(files)
    return prediction.names.enumerated().map { sample, name in
      Classification(
        file: name,
        answers: prediction.answers.map { answers in
          let row = Array(answers.probabilities[answers.row(of: sample)])
          return Classification.Answer(
            task: answers.task.name, label: answers.task.classes[answers.predicted(at: sample)],
            probabilities: Dictionary(zip(answers.task.classes, row)) { first, _ in first })
        })
    }
  }
}

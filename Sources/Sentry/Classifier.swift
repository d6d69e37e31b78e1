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
/// `classify` may be called from any thread; calls wait for each other, because a model already uses all cores. Plugins may expect
/// to be created and destroyed on the main thread: create and release a classifier there. Log messages of plugins go to swift-log.
/// Errors are `CustomStringConvertible`: they name the file and the reason, and give a hint.
///
/// Models give research indicators, never a diagnosis.
public final class Classifier: Sendable {
  /// A task of the model, with its classes in order.
  public struct Task: Sendable, Equatable {
    public let name: String
    public let classes: [String]
  }

  /// The tasks of the model; at least one.
  public let tasks: [Task]
  private let classifier: LibraryClassifier

  /// Loads a checkpoint, its model and its preprocessing.
  ///
  /// - Parameters:
  ///   - checkpoint: a `.pth` file that `sentry train` wrote, or safetensors that `sentry export` wrote.
  ///   - pluginDirectories: folders to search for plugins first.
  ///   - lowLight: brighten dark images and equalise their contrast first, as `sentry predict --low-light` does.
  ///   - device: where the model computes: `auto` (a GPU if the model and the machine have one, otherwise the CPU), `cpu`, `cuda` or
  ///     `cuda:N`.
  ///   - modelComponent: another component for the model, of the same network; nil: the one that trained it.
  ///   - settings: options of the model, `model.option=value`.
  /// - Throws: if the file is not such a checkpoint, a plugin is missing, the model does not work on the device, or the preprocessing
  ///   does not support `lowLight`.
  public init(
    checkpoint: String, pluginDirectories: [String] = [], lowLight: Bool = false, device: String = "auto",
    modelComponent: String? = nil, settings: [String] = []
  ) throws {
    classifier = try LibraryClassifier(
      checkpoint: checkpoint, folders: pluginDirectories, options: lowLight ? ["low-light": true] : [:], device: device,
      component: modelComponent, settings: settings)
    tasks = classifier.tasks.map { Task(name: $0.name, classes: $0.classes) }
  }

  /// Classifies one file that holds one sample: an image, for models of images.
  ///
  /// - Throws: if the file cannot be read, is damaged, or holds several samples (see ``classify(_:)-([String])``).
  public func classify(_ file: String) throws -> Classification {
    let results = try classify([file])
    guard let result = results.first, results.count == 1 else {
      throw PluginError.invalid(
        "\(file) holds \(results.count) samples", hint: "classify([file]) gives the result of each")
    }
    return result
  }

  /// Classifies files, and all files below folders. One call with many files is faster than many calls.
  ///
  /// - Parameter files: what the model's preprocessing reads, images for example; or `.npy` arrays, preprocessed as in training.
  /// - Returns: a result for each sample, in the order of the files; those of one folder are sorted by their paths.
  /// - Throws: at the first file that cannot be read.
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

import SentryFormats
import SentryInference
import SentryPluginAPI
import SentryRuntime

/// What a `.pth` file of a run holds, in the form of `torch.save`; `torch.load(path, weights_only=True)` reads it.
struct Checkpoint {
  /// Completed epochs.
  var epoch: Int
  /// Parameters and buffers in the order of the state dict.
  var model: SavedState.Tensors
  /// `<slot>/<parameter>`; tensors named otherwise are the trainer's private matter and stay in state/.
  var trainer: SavedState.Tensors
  /// PyTorch's `param_groups`, with names of parameters.
  var parameterGroups: JSONValue?
  /// The parameters that train, for a trainer without groups.
  var trainable: [String]
  /// In percent; nil before the first best epoch.
  var bestAccuracy: Double?
  var history: History
  var about: About

  /// For those who use the model later.
  struct About: Sendable {
    var recipe: String
    var model: String
    var options: JSONValue
    var tasks: [ClassificationTask]
    /// Those of the tasks whose heads learned nothing.
    var untrainedTasks: [String] = []
    var input: TensorSpecification
    var normalisation: JSONValue?
    /// The dataset and, where there is one, the augmenter of the run with their options, but for files: what evaluates the
    /// model has to prepare samples as they were in training.
    var dataset: Component?
    var augmenter: Component?
    /// What made the dataset's samples, where the dataset says.
    var origin: JSONValue?
    /// How the temperature was fitted, where it was.
    var calibration: JSONValue?
    /// How the model is used on photographs and videos, where the recipe says.
    var live: JSONValue?
    /// Whether the model is an average of the weights over the training.
    var isAverage = false
    /// Where and how the model computed, as far as it says.
    var place = ModelPlace()

    struct Component: Sendable {
      var name: String
      var options: JSONValue
    }
  }

  var pickle: PickleValue {
    .dict([
      "epoch": .int(epoch), "model_state_dict": .stateDict(model), "optimizer_state_dict": optimizer,
      "best_val_acc": bestAccuracy.map(PickleValue.float) ?? PickleValue.none, "history": history.pickle,
      "sentry": about.pickle,
    ])
  }
}

extension History {
  fileprivate var pickle: PickleValue {
    let named = columns.sorted { $0.key < $1.key }.map { name, values in
      (
        PickleDictionary.Key.string(name),
        PickleValue.list(values.map { $0.map(PickleValue.float) ?? PickleValue.none })
      )
    }
    return .dict(PickleDictionary([(.string("epoch"), .list(epochs.map(PickleValue.int)))] + named))
  }
}

extension Checkpoint.About {
  fileprivate var pickle: PickleValue {
    // Only where it is so: other checkpoints stay as they were.
    let average = isAverage ? [(PickleDictionary.Key.string(ModelFile.weightsKey), PickleValue.string("average"))] : []
    return .dict(PickleDictionary(Array(facts.pairs) + average + placeFacts))
  }

  /// Only what the model says: other checkpoints stay as they were.
  private var placeFacts: [(PickleDictionary.Key, PickleValue)] {
    place.members.sorted { $0.key < $1.key }.map { (.string($0.key), PickleValue($0.value)) }
  }

  private var facts: PickleDictionary {
    [
      "version": .string(Version.sentry), "recipe": .string(recipe),
      "tasks": .list(
        tasks.map { task in
          .dict(
            PickleDictionary(
              [
                (.string("name"), .string(task.name)),
                (.string("classes"), .list(task.classes.map(PickleValue.string))),
              ]
                // Only where it is so: what else a checkpoint says stays as it was.
                + (untrainedTasks.contains(task.name) ? [(.string(ModelFile.trainedKey), .bool(false))] : [])))
        }),
      "model": .dict(["name": .string(model), "options": PickleValue(options)]),
      "input": .dict([
        "dtype": .string(input.dtype.rawValue), "shape": .list(input.shape.map(PickleValue.int)),
        "layout": input.layout.map(PickleValue.string) ?? PickleValue.none,
      ]),
      "normalisation": normalisation.map(PickleValue.init) ?? PickleValue.none,
      "dataset": dataset?.pickle ?? PickleValue.none, "augmenter": augmenter?.pickle ?? PickleValue.none,
      "origin": origin.map(PickleValue.init) ?? PickleValue.none,
      "calibration": calibration.map(PickleValue.init) ?? PickleValue.none,
      "live": live.map(PickleValue.init) ?? PickleValue.none,
    ]
  }
}

extension Checkpoint.About.Component {
  fileprivate var pickle: PickleValue { .dict(["name": .string(name), "options": PickleValue(options)]) }

  /// Without files and folders, which the host has made absolute: they mean nothing elsewhere and may tell what nobody meant
  /// to publish.
  init(_ choice: RunPlan.Choice) {
    name = choice.name
    options = .object((choice.options.objectValue ?? [:]).filter { $0.value.stringValue?.hasPrefix("/") != true })
  }
}

extension PickleValue {
  /// The value in Python's types; the keys of an object are sorted.
  init(_ json: JSONValue) {
    self =
      switch json {
      case .null: .none
      case .bool(let value): .bool(value)
      case .integer(let value): .int(value)
      case .number(let value): .float(value)
      case .string(let value): .string(value)
      case .array(let values): .list(values.map(PickleValue.init))
      case .object(let members):
        .dict(PickleDictionary(members.sorted { $0.key < $1.key }.map { (.string($0.key), PickleValue($0.value)) }))
      }
  }
}

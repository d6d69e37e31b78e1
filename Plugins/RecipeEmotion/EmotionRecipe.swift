import SentryPluginAPI

/// `sentry train emotion`.
let emotionRecipe = Recipe(
  name: "emotion", summary: "Emotions from grey faces: DenseNet121, SGD or AdamW, cosine schedule, label smoothing",
  dataset: "affectnet", augmenter: "face", model: "emotion-densenet",
  // The first computes on a GPU, where its plugin and a GPU are there; the last stands in where the others are not installed.
  models: ["densenet-libtorch", "emotion-densenet", "mobilenet-v3-small"], trainer: "supervised",
  defaults: common.merging(fromRandomWeights) { $1 },
  defaultsWhenSet: [
    "model.pretrained": fromTrainedWeights, "run.init-weights": fromTrainedWeights,
    // Whoever states the epochs gets that many.
    "run.epochs": ["run.min-steps": 0], "run.size-schedule": ["run.min-steps": 0],
    "trainer.optimizer=adamw": ["trainer.nesterov": false, "trainer.lr": 1e-3, "trainer.weight-decay": 0.05],
    "trainer.momentum=0": ["trainer.nesterov": false],
    // Not every schedule takes a warm-up. What counts epochs does not follow their number.
    "trainer.schedule": ["trainer.warm-up-epochs": 0, "run.min-steps": 0], "trainer.period": ["run.min-steps": 0],
    "trainer.warm-up-epochs": ["run.min-steps": 0],
  ],
  flags: [
    .init(
      "lr", .number, sets: ["trainer.lr"],
      "Highest learning rate, for SGD; 1e-3 with --set trainer.optimizer=adamw; 1e-4, for AdamW, with --pretrained or --init-weights."
    ),
    .init(
      "image-size", .integer, sets: ["model.input-size", "augmenter.size"],
      "Height and width of the input in pixels; 224 with --pretrained or --init-weights."),
    .init(
      "image-size-schedule", .string, sets: ["run.size-schedule"],
      "The image size over the epochs, in place of --image-size and --epochs: 48:10,96:20 trains 10 epochs at 48 pixels, then 20 at 96."
    ),
    .init(
      "precision", .string, sets: ["model.precision"], "f32, or bf16 (less time and memory) if the CPU supports it."),
    .init(
      "recompute", .boolean, sets: ["model.recompute"],
      "Take less memory, but a tenth more time; the results are the same."),
    .init("memory", .string, sets: ["model.recompute"], replacedBy: "recompute", "normal, or low."),
    .init(
      "aggressive", .boolean, sets: ["run.augmentation"], value: "strong",
      "Strong augmentation: with --balance of the drawn repeats, otherwise of all training data."),
    .init(
      "pretrained", .path, sets: ["model.pretrained"],
      "Weights to start from: torchvision's of the same network, or a checkpoint; of a DenseNet121 the layers below dense block 4 stay frozen."
    ),
  ], sizeFlag: "image-size", foreign: [pythonEmotion],
  // Of the datasets, FER2013 has pictures of 48 pixels and AffectNet of 96.
  live: .crops(
    of: "blazeface", .init(margin: 0.2, square: true, align: ["right_eye", "left_eye"], whole: 128)))

/// Whatever the weights are that training starts from.
private let common: [String: JSONValue] = [
  "run.output": "models/emotion_trained", "run.epochs": 20, "run.batch-size": 64, "run.workers": 4,
  "run.checkpoint-every": 5,
  "trainer.min-lr": 1e-6, "trainer.clip-norm": 1.0, "trainer.patience": 7,
]

/// By measurement on FER2013; the tables are in docs/learning.md. Larger inputs than 96 pixels learn more an epoch and less an hour. A
/// few hundred images need the steps that many have.
private let fromRandomWeights: [String: JSONValue] = [
  "run.augmentation": "mild", "run.min-steps": 3000, "augmenter.size": 96, "model.input-size": 96,
  "trainer.optimizer": "sgd", "trainer.nesterov": true, "trainer.lr": 0.05, "trainer.weight-decay": 5e-4,
  "trainer.warm-up-epochs": 1, "trainer.average-decay": 0.998,
  "trainer.class-weights": "none", "trainer.label-smoothing": 0.1,
]

/// Those of the Python program, which always starts from the weights of ImageNet.
private let fromTrainedWeights: [String: JSONValue] = [
  "run.augmentation": "standard", "run.min-steps": 0, "augmenter.size": 224, "model.input-size": 224,
  "trainer.optimizer": "adamw", "trainer.nesterov": false, "trainer.lr": 1e-4, "trainer.weight-decay": 0.05,
  "trainer.warm-up-epochs": 0, "trainer.average-decay": 0,
  "trainer.class-weights": "auto", "trainer.label-smoothing": 0.15,
]

/// The Python program that this recipe follows. Its networks read 224×224, whatever its pictures had.
private let pythonEmotion = Recipe.ForeignCheckpoint(
  "a checkpoint of the Python program",
  tensors: [
    "backbone.features.conv0.weight", "backbone.features.norm5.weight", "projection.0.weight", "classifier.0.weight",
    "classifier.3.weight",
  ],
  tasks: [
    .init(
      "emotion", classes: ["neutral", "happy", "sad", "surprise", "fear", "anger"], tensor: "classifier.3.weight")
  ],
  model: ["input-size": 224], augmenter: ["size": 224],
  normalisation: ["channels": "grey", "scale": .number(1.0 / 255), "mean": [0.5], "std": [0.5]],
  assumption: "pictures are resized to 224×224")

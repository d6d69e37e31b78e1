import SentryPluginAPI

/// `sentry train classifier`.
let classifierRecipe = Recipe(
  name: "classifier",
  summary: "Indicators of stress, depression and anxiety from vectors of features, with calibrated probabilities. "
    + "Not a medical device: outputs are research indicators, never a diagnosis.",
  dataset: "features", model: "classifier-heads", trainer: "supervised",
  defaults: [
    "run.output": "models/classifier_trained", "run.epochs": 50, "run.batch-size": 64, "run.val-fraction": 0.2,
    "run.best-file": "best_classifier.pth", "run.final-file": "final_classifier.pth",
    "trainer.lr": 1e-3, "trainer.min-lr": 0.0, "trainer.weight-decay": 0.01, "trainer.clip-norm": 1.0,
    "trainer.schedule": "reduce-on-plateau", "trainer.plateau-factor": 0.5, "trainer.plateau-patience": 3,
    "trainer.monitor": "loss", "trainer.label-smoothing": 0.0, "trainer.class-weights": "none",
    "trainer.calibrate": true,
  ],
  flags: [
    .init(
      "features", .path, sets: ["run.data"],
      "The folder of the vectors, one .npy file per item, as sentry embed writes them."),
    .init("labels", .path, sets: ["dataset.labels"], "The labels.json file: a list with ids, or an object by id."),
    .init("lr", .number, sets: ["trainer.lr"], "Learning rate at the start."),
  ], foreign: [pythonClassifier])

/// The Python program that this recipe follows. Its temperature is a number without an axis.
private let pythonClassifier = Recipe.ForeignCheckpoint(
  "a checkpoint of the Python program",
  tensors: ["shared_backbone.0.weight", "shared_backbone.1.weight", "temperature"],
  tasks: [
    .init("stress", classes: ["low", "moderate", "high"], tensor: "stress_head.layers.6.weight"),
    .init("depression", classes: severities, tensor: "depression_head.layers.6.weight"),
    .init("anxiety", classes: severities, tensor: "anxiety_head.layers.6.weight"),
  ],
  extents: [.init("features", of: "shared_backbone.0.weight", axis: 1)],
  model: ["input": ["dtype": "float32", "shape": [["extent": "features"]]]])

private let severities = ["minimal", "mild", "moderate", "severe"]

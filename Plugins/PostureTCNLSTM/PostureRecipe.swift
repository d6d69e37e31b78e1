import SentryPluginAPI

/// `sentry train posture`.
let postureRecipe = Recipe(
  name: "posture",
  summary: "Posture, stress and their trajectory from sequences of body features: TCN-LSTM, AdamW, warm restarts",
  dataset: "posture", augmenter: "sequence", model: "posture-tcn-lstm", trainer: "supervised",
  defaults: [
    "run.output": "models/posture_trained", "run.epochs": 50, "run.batch-size": 32, "run.checkpoint-every": 10,
    "trainer.lr": 1e-4, "trainer.min-lr": 1e-6, "trainer.weight-decay": 0.05, "trainer.clip-norm": 1.0,
    "trainer.schedule": "cosine-warm-restarts", "trainer.restart-period": 10, "trainer.restart-multiplier": 2,
    "trainer.label-smoothing": 0.1, "trainer.class-weights": "none", "trainer.patience": 10,
    "trainer.monitor": "accuracy",
  ],
  flags: [
    .init("seq-length", .integer, sets: ["dataset.seq-length"], "Frames per window."),
    .init("lr", .number, sets: ["trainer.lr"], "Learning rate after each restart of the cosine."),
  ], evaluationPrefix: "posture_", foreign: [pythonPosture],
  live: .features("posture-15", of: "blazepose"))

/// The Python program that this recipe follows. It keeps no normalisation in its files: sequences are taken as they are.
private let pythonPosture = Recipe.ForeignCheckpoint(
  "a checkpoint of the Python program",
  tensors: [
    "tcn.network.0.conv1.weight", "tcn.network.2.conv2.weight", "lstm.weight_hh_l1", "projection.5.weight",
    "posture_classifier.3.weight",
  ],
  tasks: [
    .init(
      "posture", classes: ["upright", "slouched", "open", "closed"], tensor: "posture_classifier.3.weight"),
    .init(
      "stress", classes: ["calm", "fidgeting", "restless", "excessive_stillness"], tensor: "stress_classifier.3.weight"),
    .init(
      "trajectory", classes: ["stable", "deteriorating", "improving"], tensor: "trajectory_classifier.3.weight"),
  ],
  extents: [.init("features", of: "tcn.network.0.conv1.weight", axis: 1)], model: ["input": pythonInput],
  augmenter: ["input": pythonInput],
  assumption: "windows have 30 frames and features are not normalised")

private let pythonInput: JSONValue = ["dtype": "float32", "shape": [30, ["extent": "features"]], "layout": "TF"]

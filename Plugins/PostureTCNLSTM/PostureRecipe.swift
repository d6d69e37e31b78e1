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
    .init("seq-length", .integer, sets: ["dataset.seq-length"], "Frames of a window."),
    .init("lr", .number, sets: ["trainer.lr"], "Learning rate after each restart of the cosine."),
  ], evaluationPrefix: "posture_")

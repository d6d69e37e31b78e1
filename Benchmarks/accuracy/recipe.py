"""What PyTorch's side is to do: plans for peers/torch_fit.py."""

from bench.worker import Failed

# The original's recipe without pretrained weights, where all of the network trains: the options by their names in `sentry train`.
ORIGINAL = {
    "optimizer": "adamw", "lr": 1e-4, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight-decay": 0.05, "clip-norm": 1.0,
    "schedule": "cosine", "min-lr": 1e-6, "period": 0, "warm-up-epochs": 0, "warm-up-start": 0.01,
    "label-smoothing": 0.15, "class-weights": "inverse", "monitor": "accuracy", "patience": 7, "mixup": 0, "cutmix": 0,
    "average-decay": 0, "average-warm-up": False,
}
# What else a run.json may hold: options of what training_rules.py refuses, and those that change no result of a run on a CPU
# from random weights. An option that is in neither stops the comparison, because it would not be one.
OTHER_TRAINER_OPTIONS = {
    "momentum", "nesterov", "plateau-factor", "plateau-patience", "restart-period", "restart-multiplier", "step-period",
    "step-factor", "task-weights", "calibrate", "overlap"}
MODELS = {"emotion-densenet"}
MODEL_OPTIONS = {
    "input-size", "precision", "seed", "tasks", "freeze", "frozen-bn-statistics", "pretrained-stem", "force-bf16", "recompute",
    "sync-batch-norm", "work-distribution"}
ORIGINAL_SIZE, ORIGINAL_BATCH, ORIGINAL_WORKERS = 224, 64, 4


def original():
    """The parts of a plan that are the recipe's."""
    return {"trainer": ORIGINAL, "batch": ORIGINAL_BATCH, "workers": ORIGINAL_WORKERS, "augmentation": "standard",
            "precision": "f32", "validate_every": 1}


def of_run(plan):
    """The same from the plan in a run.json, so that nothing drifts from what our side did."""
    if plan["run"]["balance"]:
        raise Failed("the recipe balances its classes, which peers/faces_data.py does not: write it there")
    unknown = {f"trainer.{name}" for name in {*plan["trainer"]["options"]} - {*ORIGINAL} - OTHER_TRAINER_OPTIONS}
    unknown |= {f"model.{name}" for name in {*plan["model"]["options"]} - MODEL_OPTIONS}
    if plan["model"]["name"] not in MODELS or unknown:
        raise Failed(f"PyTorch's side does not know what the recipe has: model {plan['model']['name']}, "
                     f"{', '.join(sorted(unknown)) or 'options as ever'}; write it in Benchmarks/peers and name it in recipe.py")
    return {"trainer": plan["trainer"]["options"], "batch": plan["run"]["batch-size"], "workers": plan["run"]["workers"],
            "augmentation": plan["run"]["augmentation"], "precision": plan["model"]["options"]["precision"],
            "validate_every": plan["run"]["validate-every"]}


def from_scratch_words(plan):
    """Words that give a run with --init-weights the values of a run from random weights: some defaults depend on that option."""
    recipe = plan["recipe"]
    names = {*recipe["defaults"], *recipe.get("defaults_when_set", {}).get("run.init-weights", {})}
    values = {"run": plan["run"], **{part: plan[part]["options"] for part in ("trainer", "model", "augmenter")}}
    words = []
    stated = {"run.output", "run.epochs", "run.min-steps", "run.augmentation", "model.input-size", "augmenter.size"}
    for name in sorted(names - stated):  # the run has words of its own for those
        part, option = name.split(".", 1)
        value = values[part][option]
        words += ["--set", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
    return words


def fit(setting, faces, seed, recipe, phases, seconds=None, orders=None, init_weights=None):
    """A plan. `phases` are [(size, epochs)]; `seconds` end the training whatever the epochs."""
    return recipe | {
        "threads": setting.threads, "seed": seed, "sizes": [size for size, epochs in phases for _ in range(epochs)],
        "train": faces.train, "validation": faces.validation, "test": faces.test, "seconds": seconds, "orders": orders,
        "init_weights": init_weights and str(init_weights)}

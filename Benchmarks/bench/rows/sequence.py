"""Whole training steps of the sequence models: forward, losses, backward, clip, AdamW."""

from ..row import Comparison, Target
from ..setting import flags


def steps(model, **shape):
    def contenders(setting):
        options = flags(shape | {"threads": setting.threads})
        return {
            "sentry": ([setting.builds / "SequenceBench", model, *options], ()),
            "torch": ([setting.python, setting.peers / "torch_sequence.py", model, *options], ("torch",)),
        }

    return contenders


ROWS = [
    Comparison(
        "train-posture", "training the TCN-LSTM, f32, 30×15, batch 32, against PyTorch", "sequences/s",
        steps("posture", batch=32, frames=30, features=15), [Target(("torch",), 1.5, 2.0)]),
    Comparison(
        "train-classifier", "training the classifier heads, f32, 1024 features, batch 64, against PyTorch", "items/s",
        steps("classifier", batch=64, features=1024), [Target(("torch",), 1.5, 2.0)]),
]

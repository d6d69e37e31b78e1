"""A whole training step: forward, backward, clip, AdamW."""

from ..row import Comparison, Target

EAGER, COMPILED, NCHW = "torch channels_last", "torch compiled", "torch NCHW"


def steps(size, batch, peers, passes=2, frozen=None, **options):
    """Ours and PyTorch's step; `peers` names what PyTorch's side is given."""
    ours = {"freeze": "block3", "frozen_norm": frozen} if frozen else {}

    def contenders(setting):
        shape = {"size": size, "batch": batch, "passes": passes} | options
        commands = {"sentry": (setting.engine("train", **shape, **ours), ())}
        for name, extra in peers.items():
            if name == COMPILED and not setting.compile:
                continue
            script = setting.peer("torch_train.py", **shape, **extra, frozen=frozen)
            commands[name] = (script, ("torch", "torchvision"))
        return commands

    return contenders


eager, compiled = {EAGER: {"fused": True}}, {COMPILED: {"compile": True, "fused": True}}
nchw = {NCHW: {"layout": "nchw"}}  # with the AdamW that the original has
either_layout = eager | {NCHW: {"layout": "nchw", "fused": True}}  # where PyTorch's better one is sought

ROWS = [
    Comparison(
        "train-224", "training, f32, 224×224, batch 32, against PyTorch eager channels_last", "images/s",
        steps(224, 32, eager), [Target((EAGER,), 2.0, 2.5)]),
    Comparison(
        "train-224-best", "the same against the faster of eager and torch.compile, channels_last", "images/s",
        steps(224, 32, eager | compiled), [Target((EAGER, COMPILED), 1.6, 2.2)]),
    Comparison(
        "train-224-nchw", "the same against PyTorch as the original runs it (NCHW)", "images/s",
        steps(224, 32, nchw), [Target((NCHW,), 2.8, 3.5)]),
    Comparison(
        "train-224-bf16", "training, bf16, 224×224, batch 32, against bf16 autocast channels_last", "images/s",
        steps(224, 32, eager, precision="bf16"), [Target((EAGER,), 1.4, 1.7)]),
    Comparison(
        "frozen-batch", "frozen through block 3, batch statistics, f32, 224×224, batch 32", "images/s",
        steps(224, 32, either_layout, frozen="batch"), [Target((EAGER, NCHW), 2.3, 3.0)]),
    Comparison(
        "frozen-eval", "frozen through block 3, running statistics, f32, 224×224, batch 32", "images/s",
        steps(224, 32, either_layout, frozen="eval"), [Target((EAGER, NCHW), 2.3, 3.0)]),
    Comparison(
        "train-48", "training, f32, 48×48, batch 64, against channels_last", "images/s",
        steps(48, 64, eager, passes=6), [Target((EAGER,), 1.5, 2.0)]),
]

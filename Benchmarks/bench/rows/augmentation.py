"""The standard augmentation of a decoded 48×48 grey face to 224×224, in seconds of one core."""

from ..row import Comparison, Target
from ..setting import flags

FORMS = {"torchvision PIL": "pil", "torchvision tensor": "tensor",
         "torchvision v2 PIL": "v2-pil", "torchvision v2 tensor": "v2-tensor"}


def contenders(setting):
    images = 50 if setting.quick else 200
    commands = {"sentry": ([setting.builds / "AugmentBench", *flags({"size": 224, "images": images})], ())}
    for name, form in FORMS.items():
        script = [setting.python, setting.peers / "torchvision_augment.py"]
        commands[name] = ([*script, *flags({"form": form, "size": 224, "images": images})], ("torch", "torchvision"))
    return commands


ROWS = [
    Comparison(
        "augment", "augmentation 48→224 grey standard set, one core, against torchvision's fastest form", "images/s",
        contenders, [Target(tuple(FORMS), 5, 10)]),
]

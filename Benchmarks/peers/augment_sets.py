"""Sets of augmentation in torchvision; the values are those of the table in docs/training.md."""

import torch
import torchvision.transforms as v1
from torchvision.transforms import v2


def standard(t, size, tensor):
    margin = (32 * size + 112) // 224
    if t is v2:
        to_float = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]
    else:
        to_float = [t.ConvertImageDtype(torch.float32)] if tensor else [t.ToTensor()]
    bilinear = t.InterpolationMode.BILINEAR
    return t.Compose(
        [
            t.Resize((size + margin, size + margin)),
            t.RandomCrop(size),
            t.RandomHorizontalFlip(0.5),
            t.RandomRotation(20, bilinear),
            t.ColorJitter(0.3, 0.3, 0.3, 0.15),
            t.RandomAffine(10, (0.15, 0.15), (0.85, 1.15), 10, bilinear),
            t.RandomApply([t.GaussianBlur(3, (0.1, 2.0))], 0.2),
            t.RandomPerspective(0.1, 0.2, bilinear),
            t.Grayscale(),
            *to_float,
            t.Normalize([0.5], [0.5]),
            t.RandomErasing(0.25, (0.02, 0.2), (0.3, 3.3)),
        ]
    )


def mild(size):
    """From PIL images."""
    return v1.Compose(
        [
            v1.Resize((size, size)),
            v1.RandomHorizontalFlip(0.5),
            v1.RandomAffine(10, (0.1, 0.1), (0.9, 1.1), interpolation=v1.InterpolationMode.BILINEAR),
            v1.ColorJitter(0.2, 0.2),
            v1.Grayscale(),
            v1.ToTensor(),
            v1.Normalize([0.5], [0.5]),
            v1.RandomErasing(0.25, (0.02, 0.2), (0.3, 3.3)),
        ]
    )


def plain(size):
    """Without random variation: validation, and training without augmentation."""
    return v1.Compose([v1.Resize((size, size)), v1.Grayscale(), v1.ToTensor(), v1.Normalize([0.5], [0.5])])


def from_pil(name, size):
    """A set by its name, as --augmentation has them."""
    sets = {"none": plain, "mild": mild, "standard": lambda size: standard(v1, size, tensor=False)}
    if name not in sets:
        raise SystemExit(f"there is no augmentation '{name}' in augment_sets.py: write it there")
    return sets[name](size)

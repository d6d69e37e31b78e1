"""The standard augmentation set in torchvision, on one core: the peer of AugmentFace.

    python torchvision_augment.py IMAGE [--size 224] [--images 200] [--rounds 5]

Prints one JSON object: the median microseconds per image of each form torchvision has (PIL images as the Python original
used them, 8-bit tensors, and both with transforms v2), with grey staying grey. The image is decoded once.
"""

import argparse
import json
import statistics
import time

import torch
import torchvision
import torchvision.transforms as v1
from PIL import Image
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("image")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)

    pil = Image.open(options.image).convert("L")
    tensor = v1.PILToTensor()(pil)
    forms = {
        "pil": (standard(v1, options.size, False), pil),
        "tensor": (standard(v1, options.size, True), tensor),
        "v2-pil": (standard(v2, options.size, False), pil),
        "v2-tensor": (standard(v2, options.size, True), tensor),
    }
    times = {name: [] for name in forms}
    for _ in range(options.rounds):
        for name, (transform, image) in forms.items():
            transform(image)
            start = time.process_time()
            for _ in range(options.images):
                transform(image)
            times[name].append((time.process_time() - start) / options.images * 1e6)
    median = {name: round(statistics.median(values), 1) for name, values in times.items()}
    print(json.dumps({"torchvision": torchvision.__version__, "size": options.size, "microseconds": median}))


if __name__ == "__main__":
    main()

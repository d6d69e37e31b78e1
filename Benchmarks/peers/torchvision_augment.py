#!/usr/bin/env python3
"""The standard augmentation set in torchvision, on one core, with grey staying grey: the peer of AugmentFace.

It has forms: PIL images (as the Python original used them) or 8-bit tensors, each with transforms v1 or v2. Measured in
seconds of CPU, from a 48×48 image that is decoded already.
"""

import argparse
import time

import numpy
import torch
import torchvision.transforms as v1
from PIL import Image
from serve import serve
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--form", choices=["pil", "tensor", "v2-pil", "v2-tensor"], required=True)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--passes", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)

    index = numpy.arange(48 * 48)
    face = (index % 48 * 3 + index // 48 * 2 + index * 31 % 17).astype(numpy.uint8).reshape(48, 48)
    image = Image.fromarray(face)
    tensor = options.form.endswith("tensor")
    transform = standard(v2 if options.form.startswith("v2") else v1, options.size, tensor)
    image = v1.PILToTensor()(image) if tensor else image

    def step():
        for _ in range(options.images):
            transform(image)

    serve(step, items=options.images, passes=options.passes, clock=time.process_time)


main()

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
from augment_sets import standard
from PIL import Image
from serve import serve
from torchvision.transforms import v2


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

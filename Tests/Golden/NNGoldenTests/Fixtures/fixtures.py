"""What the scripts beside this file share: the weights of image networks, and where results are stored."""
import json
import math
import pathlib

import torch

from streams import uniform

FOLDER = pathlib.Path(__file__).parent
SAMPLES = 192


def fill(module, seed):
    """Weights by position in the state, as `fillState` does it."""
    with torch.no_grad():
        for index, (name, parameter) in enumerate(module.named_parameters()):
            shape = tuple(parameter.shape)
            if len(shape) == 4:
                bound = math.sqrt(6 / math.prod(shape[1:]))
                low, high = -bound, bound
            elif len(shape) == 2:
                low, high = -1 / math.sqrt(shape[1]), 1 / math.sqrt(shape[1])
            elif name.endswith("weight"):
                low, high = 0.5, 1.5
            elif "norm" in name:
                low, high = -0.2, 0.2
            else:
                low, high = -0.03125, 0.03125
            parameter.copy_(uniform(seed + index, shape, low, high))
        for index, (name, buffer) in enumerate(module.named_buffers()):
            if buffer.dtype == torch.int64:
                continue
            low, high = (-0.3, 0.3) if name.endswith("mean") else (0.5, 1.5)
            buffer.copy_(uniform(seed + 10_000 + index, tuple(buffer.shape), low, high))
    return module


def sample(tensor):
    """At most SAMPLES elements, evenly spread: element i·n/SAMPLES."""
    flat = tensor.detach().flatten()
    count = min(flat.numel(), SAMPLES)
    return flat[torch.arange(count) * flat.numel() // count]


class Store:
    """`name`.json holds scalars and an index, `name`.bin the tensors (little-endian float32)."""

    def __init__(self, name):
        self.name, self.scalars, self.index, self.blob, self.size = name, {}, {}, [], 0

    def tensor(self, name, value):
        data = value.detach().double().numpy().astype("<f4").ravel()
        self.index[name] = [self.size, data.size]
        self.blob.append(data.tobytes())
        self.size += data.size

    def write(self):
        text = json.dumps({"scalars": self.scalars, "index": self.index}, indent=1)
        (FOLDER / f"{self.name}.json").write_text(text + "\n")
        (FOLDER / f"{self.name}.bin").write_bytes(b"".join(self.blob))

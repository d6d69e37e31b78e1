"""The numbers that fixtures are made from: SplitMix64 streams, which Swift's RandomStream repeats."""
import math

import numpy as np
import torch

GOLDEN = 0x9E3779B97F4A7C15


def bits(seed, count):
    """The first `count` outputs of RandomStream(seed: seed)."""
    state = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def uniform(seed, shape, low, high):
    """float32 of low + (high - low)·u, computed in double."""
    u = (bits(seed, math.prod(shape)) >> np.uint64(40)).astype(np.float64) * 2.0**-24
    return torch.from_numpy((low + (high - low) * u).astype(np.float32)).reshape(shape)

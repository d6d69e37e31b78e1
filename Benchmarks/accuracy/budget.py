"""How many epochs fit into a time."""

import math

PROBE_EPOCHS = 3  # the first reads the files and starts what an epoch needs, and does not count
RESERVE = 0.95  # of the time is planned for: the machine may be slower later than it was when it was probed


def sizes(text):
    """96 as [(96, 1)], and 48:2,96:1 as [(48, 2), (96, 1)]: sizes with their shares of the epochs."""
    pairs = [part.split(":") for part in text.split(",")]
    return [(int(pair[0]), int(pair[1]) if len(pair) > 1 else 1) for pair in pairs]


def probe_samples(size, batch):
    """So many that a probe takes a minute or so, and four steps at least."""
    return max(4 * batch, 2560 * 48 * 48 // (size * size))


def fitting(phases, seconds_per_epoch, seconds):
    """Epochs of each size: [(48, 6), (96, 3)], one at least. `seconds_per_epoch` is by size."""
    scale = RESERVE * seconds / sum(share * seconds_per_epoch[size] for size, share in phases)
    return [(size, max(1, math.floor(share * scale))) for size, share in phases]


def duration(phases, seconds_per_epoch):
    return sum(epochs * seconds_per_epoch[size] for size, epochs in phases)


def text(phases):
    return ", then ".join(f"{epochs} {'epoch' if epochs == 1 else 'epochs'} at {size} px" for size, epochs in phases)

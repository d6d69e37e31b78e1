"""Which samples `sentry train` takes and in which order, computed anew: SplitMix64, Seed, StratifiedSubset, Sampler in Swift.

`fingerprint` is what run.json states of the samples, so every run is checked. The order is what SamplerTests pin:
order(42, 3, 10) is [5, 7, 0, 8, 6, 2, 9, 3, 1, 4].
"""

from bench.worker import Failed

MASK, INCREMENT = (1 << 64) - 1, 0x9E3779B97F4A7C15


def mix(value):
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def derive(seed, stream, *numbers):
    """FNV-1a over the bytes of the arguments, mixed."""
    words = [number.to_bytes(8, "little") for number in (seed, *numbers)]
    value = 0xCBF29CE484222325
    for byte in words[0] + stream.encode() + b"\0" + b"".join(words[1:]):
        value = (value ^ byte) * 0x100000001B3 & MASK
    return mix(value)


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = self.state + INCREMENT & MASK
        return mix(self.state)

    def below(self, bound):
        """Lemire's method."""
        product = self.next() * bound
        if product & MASK < bound:
            threshold = (1 << 64) % bound
            while product & MASK < threshold:
                product = self.next() * bound
        return product >> 64

    def shuffle(self, values):
        for last in range(len(values) - 1, 0, -1):
            other = self.below(last + 1)
            values[last], values[other] = values[other], values[last]


def order(seed, epoch, count):
    """Positions of the training samples in an epoch; what does not fill a batch at the end is not trained on."""
    positions = list(range(count))
    SplitMix64(derive(seed, "order", epoch)).shuffle(positions)
    return positions


def subset(labels, size, seed):
    """Ascending positions of what --limit leaves: each class its share, rounded by the largest remainder."""
    if size >= len(labels):
        return list(range(len(labels)))
    members = [[position for position, label in enumerate(labels) if label == wanted] for wanted in range(max(labels) + 1)]
    counts = [len(positions) for positions in members]
    quotas = [count * size // len(labels) for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda label: (-(counts[label] * size % len(labels)), label))
    for label in by_remainder[:size - sum(quotas)]:
        quotas[label] += 1
    if 0 in quotas:
        raise Failed(f"a class would have no sample among {size}: give a larger --limit")
    generator, taken = SplitMix64(derive(seed, "limit")), []
    for positions, quota in zip(members, quotas):
        generator.shuffle(positions)
        taken += positions[:quota]
    return sorted(taken)


def fingerprint(split, positions, labels):
    """As run.json states it; `labels` are those of the positions."""
    value = derive(0, "samples", split, len(positions))
    for number in (*positions, *labels):
        value = mix(value + number + INCREMENT & MASK)
    return f"{value:x}"

"""What accuracies that were counted tell."""

import dataclasses
import math
import statistics


def wilson(correct, count, z=1.959963984540054):
    """The 95 % interval of an accuracy, in percent (Wilson 1927)."""
    share = correct / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return 100 * (centre - half), 100 * (centre + half)


@dataclasses.dataclass
class Agreement:
    """Whether two ways of training reach the same accuracy, by runs with the same seeds, in points.

    They agree where the means differ by at most the larger of 1 point and two standard errors of the difference. The
    standard error has two parts, added as squares. One is how much the difference varies over the seeds: both runs of a
    seed see the same samples in the same order, so it is the deviation of their differences by the root of the number of
    seeds. Of three seeds that deviation may be small by chance; so the other is what accuracies that are counted on so
    many samples vary by at least, √(p (1 − p) / n) for either way, n over all seeds.
    """

    difference: float
    over_seeds: float
    counted: float
    samples: int

    @staticmethod
    def of(ours, reference, samples):
        """Percent, one for each seed; the samples of all seeds together."""
        differences = [our - their for our, their in zip(ours, reference)]
        shares = [statistics.mean(values) / 100 for values in (ours, reference)]
        return Agreement(
            statistics.mean(differences), statistics.stdev(differences) / math.sqrt(len(differences)),
            100 * math.sqrt(sum(share * (1 - share) / samples for share in shares)), samples)

    @property
    def error(self):
        return math.hypot(self.over_seeds, self.counted)

    @property
    def bound(self):
        return max(1, 2 * self.error)

    @property
    def holds(self):
        return abs(self.difference) <= self.bound

    def __str__(self):
        return (f"difference {self.difference:+.2f} points, standard error {self.error:.2f} (seeds {self.over_seeds:.2f}, "
                f"{self.samples} validation samples {self.counted:.2f}); bound {self.bound:.2f}: "
                f"{'within' if self.holds else 'OUTSIDE'}")

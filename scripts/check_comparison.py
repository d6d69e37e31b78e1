#!/usr/bin/env python3
"""Recomputes the statistics of `sentry compare` with scipy, and with statsmodels where it is installed.

    make peers && .peers/bin/python scripts/check_comparison.py DIR
    python3 scripts/check_comparison.py --reference Tests/Unit/HostTests/Comparison/ReferenceStatistics.swift

The first form reads DIR/comparison.json and the answers in DIR/evaluations/*/evaluation.json; accuracies, Wilson intervals, McNemar's
and Holm's p-values, deviations and smallest differences must agree to 1e-9. Bootstraps draw at random: interval and p must agree with
scipy's, or for several seeds numpy's, as far as 10,000 draws let them. The second form writes the values that the unit tests compare
with. Exits 1 and names what differs.
"""

import argparse
import json
import math
import pathlib
import sys

import numpy
import scipy
from scipy import optimize, stats

try:
    import statsmodels
    from statsmodels.stats import contingency_tables, multitest, proportion
except ImportError:
    statsmodels = None

LIMIT = 1e-9
DRAWS = 10_000


def mcnemar(only_first, only_other):
    """Two-sided and exact."""
    count = only_first + only_other
    p = min(1.0, 2 * stats.binom.cdf(min(only_first, only_other), count, 0.5)) if count else 1.0
    if count:
        assert math.isclose(p, stats.binomtest(only_first, count, 0.5).pvalue, rel_tol=1e-7), "scipy contradicts itself"
    if statsmodels:
        theirs = contingency_tables.mcnemar([[0, only_first], [only_other, 0]], exact=True).pvalue if count else 1.0
        assert math.isclose(p, theirs, rel_tol=1e-7), f"statsmodels has {theirs}, scipy {p}"
    return p


def wilson(share, count):
    """For shares that are whole samples as scipy's; else by the formula, which then has been checked."""

    def formula(share):
        z = stats.norm.ppf(0.975)
        centre = (share + z * z / (2 * count)) / (1 + z * z / count)
        half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
        return max(0.0, centre - half), min(1.0, centre + half)

    hits = round(share * count)
    theirs = stats.binomtest(hits, count).proportion_ci(method="wilson")
    assert numpy.allclose(theirs, formula(hits / count), atol=1e-12)
    if statsmodels:
        assert numpy.allclose(theirs, proportion.proportion_confint(hits, count, method="wilson"), atol=1e-12)
    return tuple(theirs) if math.isclose(hits, share * count, abs_tol=1e-9) else formula(share)


def holm(ps):
    order = numpy.argsort(ps, kind="stable")
    adjusted = numpy.empty(len(ps))
    adjusted[order] = numpy.maximum.accumulate(numpy.minimum(1, (len(ps) - numpy.arange(len(ps))) * numpy.asarray(ps)[order]))
    if statsmodels and len(ps):
        assert numpy.allclose(adjusted, multitest.multipletests(ps, method="holm")[1])
    return adjusted.tolist()


def smallest_difference(discordance, count, level=0.05, power=0.8):
    """Connor's sample size for McNemar's test, solved for the difference."""
    null, alternative = stats.norm.ppf(1 - level / 2), stats.norm.ppf(power)

    def missing(difference):
        root = null * math.sqrt(discordance) + alternative * math.sqrt(max(0.0, discordance - difference**2))
        return (root / difference) ** 2 - count

    if discordance <= 0 or missing(discordance) > 0:
        return None
    return optimize.brentq(missing, 1e-12, discordance, xtol=1e-15)


def bootstrap(wins, crossed, seed=1):
    """Draws of the difference; wins is a list of arrays, one for each seed."""
    random = numpy.random.default_rng(seed)
    draws = numpy.empty(DRAWS)
    for number in range(DRAWS):
        seeds = random.integers(len(wins), size=len(wins))
        if crossed:
            samples = random.integers(len(wins[0]), size=len(wins[0]))
            draws[number] = numpy.mean([wins[seed][samples].mean() for seed in seeds])
        else:
            draws[number] = numpy.mean([random.choice(wins[seed], len(wins[seed])).mean() for seed in seeds])
    low, high = numpy.quantile(draws, [0.025, 0.975])
    if len(wins) == 1 and wins[0].any():
        theirs = stats.bootstrap((wins[0],), numpy.mean, n_resamples=DRAWS, method="percentile", batch=100, rng=random)
        spread = draws.std()
        assert abs(theirs.confidence_interval.low - low) < 0.15 * spread + 1e-9, "scipy's bootstrap differs from numpy's"
    tail = min((draws <= 0).sum(), (draws >= 0).sum())
    return low, high, min(1.0, 2 * (tail + 1) / (DRAWS + 1)), draws.std()


class Comparison:
    def __init__(self):
        self.count, self.worst, self.failures = 0, 0.0, []

    def check(self, name, ours, theirs, limit=LIMIT):
        self.count += 1
        if ours is None or theirs is None:
            if ours is not theirs:
                self.failures.append(f"{name}: {ours}, here {theirs}")
            return
        if limit == LIMIT:
            self.worst = max(self.worst, abs(ours - theirs))
        if not abs(ours - theirs) <= limit:
            self.failures.append(f"{name}: {ours}, here {theirs}")


def check(folder):
    found = json.loads((folder / "comparison.json").read_text())
    by_checkpoint = {}
    for path in folder.glob("evaluations/*/evaluation.json"):
        evaluation = json.loads(path.read_text())
        by_checkpoint[evaluation["origin"]["checkpointSHA256"], str(pathlib.Path(evaluation["checkpoint"]).parent)] = evaluation
    runs = {}
    for run in found["runs"]:
        key = run["checkpoint_sha256"], str(pathlib.Path(run["checkpoint"]).parent)
        runs.setdefault(run["model"], []).append(by_checkpoint[key])
    comparison = Comparison()
    for task in found["tasks"]:
        check_task(task, runs, comparison)
    return comparison


def check_task(task, runs, comparison):
    def right(evaluation):
        (answers,) = [entry for entry in evaluation["tasks"] if entry["name"] == task["task"]]
        return numpy.array([t == p for t, p in zip(answers["truth"], answers["predicted"]) if t is not None])

    names = [model["model"] for model in task["models"]]
    hits = {name: [right(evaluation) for evaluation in runs[name]] for name in names}
    count = min(len(hit) for hit in hits[names[0]])
    tests = []
    for model in task["models"]:
        name = model["model"]
        accuracies = [hit.mean() for hit in hits[name]]
        title = f"{task['task']}, {name}"
        for seed, accuracy in enumerate(accuracies):
            comparison.check(f"{title}: accuracy of seed {seed + 1}", model["accuracy_by_seed"][seed], accuracy)
        comparison.check(f"{title}: accuracy", model["accuracy"], numpy.mean(accuracies))
        low, high = wilson(float(numpy.mean(accuracies)), count)
        comparison.check(f"{title}: Wilson, low", model["accuracy_low"], low)
        comparison.check(f"{title}: Wilson, high", model["accuracy_high"], high)
        comparison.check(
            f"{title}: deviation", model["deviation"], float(numpy.std(accuracies, ddof=1)) if len(accuracies) > 1 else None)
        if name == names[0]:
            continue
        wins = [other.astype(int) - first.astype(int) for first, other in zip(hits[names[0]], hits[name])]
        ps = [mcnemar(int((win < 0).sum()), int((win > 0).sum())) for win in wins]
        for seed, test in enumerate(model["against_reference"]["mcnemar"]):
            comparison.check(f"{title}: McNemar of seed {seed + 1}", test["p"], ps[seed])
        discordance = numpy.mean([(win != 0).mean() for win in wins])
        comparison.check(f"{title}: smallest difference", model["smallest_difference"], smallest_difference(discordance, count))
        low, high, p, spread = bootstrap(wins, task["same_samples_in_all_seeds"])
        # A quantile of 10,000 draws has a standard error of 2.7 % of their deviation; both have one, and steps of a sample.
        limit = 0.15 * spread + 2 / count
        comparison.check(f"{title}: difference", model["difference"], numpy.mean([win.mean() for win in wins]))
        comparison.check(f"{title}: bootstrap, low", model["difference_low"], low, limit)
        comparison.check(f"{title}: bootstrap, high", model["difference_high"], high, limit)
        comparison.check(f"{title}: bootstrap, p", model["p"], p, 0.03)
        tests.append((title, model, ps))
    for index, p in enumerate(holm([model["p"] for _, model, _ in tests])):
        comparison.check(f"{tests[index][0]}: p by Holm", tests[index][1]["p_holm"], p)
    for seed in range(len(tests[0][2])):
        for index, p in enumerate(holm([ps[seed] for _, _, ps in tests])):
            ours = tests[index][1]["against_reference"]["mcnemar"][seed]["p_holm"]
            comparison.check(f"{tests[index][0]}: McNemar of seed {seed + 1} by Holm", ours, p)


def reference():
    """The values of the unit tests, as Swift."""
    lines = [
        "// swift-format-ignore-file",
        f"// Made by scipy {scipy.__version__}" + (f" and statsmodels {statsmodels.__version__}" if statsmodels else "") + ":",
        "// python3 scripts/check_comparison.py --reference Tests/Unit/HostTests/Comparison/ReferenceStatistics.swift",
        "",
        "/// What the statistics of comparisons are in other libraries.",
        "enum ReferenceStatistics {",
    ]

    def table(name, of, rows):
        lines.append(f"  static let {name}: [({of})] = [")
        lines.extend(f"    ({', '.join(map(swift, row))})," for row in rows)
        lines.append("  ]")

    pairs = [(0, 0), (0, 1), (5, 0), (0, 6), (3, 3), (10, 4), (59, 121), (301, 260), (1200, 1100), (20_000, 20_300), (0, 1100)]
    table("mcNemar", "first: Int, other: Int, p: Double", [(*pair, mcnemar(*pair)) for pair in pairs])
    shares = [(0, 10), (1, 10), (9, 10), (10, 10), (2559, 3589), (1, 1), (50_000, 100_000)]
    table("wilson", "hits: Int, count: Int, low: Double, high: Double", [(*share, *wilson(share[0] / share[1], share[1])) for share in shares])
    families = [[0.01, 0.04, 0.03], [0.5], [0.02, 0.02, 0.9, 0.001], [0.8, 0.6]]
    table("holm", "p: [Double], adjusted: [Double]", [(ps, holm(ps)) for ps in families])
    cases = [(0.2, 3589), (0.05, 1000), (0.3, 100), (0.02, 50), (1.0, 20), (0.0, 100)]
    table("smallestDifference", "discordance: Double, count: Int, difference: Double?", [(*case, smallest_difference(*case)) for case in cases])
    values = [[0.7, 0.72, 0.69], [0.5, 0.5], [1, 2, 3, 4]]
    table("deviation", "values: [Double], deviation: Double", [(row, float(numpy.std(row, ddof=1))) for row in values])
    rows = []
    for seeds, wins, losses, count, crossed in [(1, 40, 20, 200, True), (3, 30, 25, 150, True), (3, 30, 25, 150, False)]:
        row = numpy.array([1] * wins + [-1] * losses + [0] * (count - wins - losses))
        # Each seed is moved by another number of samples: answers agree over seeds in part.
        low, high, p, _ = bootstrap([numpy.roll(row, 10 * seed) for seed in range(seeds)], crossed)
        rows.append((seeds, wins, losses, count, crossed, low, high, p))
    table(
        "bootstrap", "seeds: Int, wins: Int, losses: Int, count: Int, isCrossed: Bool, low: Double, high: Double, p: Double", rows)
    return "\n".join(lines + ["}"]) + "\n"


def swift(value):
    if value is None:
        return "nil"
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(swift, value))}]"
    return repr(int(value)) if isinstance(value, (int, numpy.integer)) else repr(float(value))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, nargs="?")
    parser.add_argument("--reference", type=pathlib.Path, metavar="FILE", help="write the values of the unit tests")
    options = parser.parse_args()
    if (options.folder is None) == (options.reference is None):
        parser.error("name the folder of a comparison, or --reference FILE")
    if options.reference:
        options.reference.write_text(reference())
        return
    comparison = check(options.folder)
    libraries = f"scipy {scipy.__version__}" + (f", statsmodels {statsmodels.__version__}" if statsmodels else "")
    print(f"{comparison.count} numbers ({libraries}), the largest difference {comparison.worst:.1e}, {len(comparison.failures)} beyond {LIMIT}")
    for failure in comparison.failures:
        print(f"  {failure}")
    sys.exit(1 if comparison.failures else 0)


if __name__ == "__main__":
    main()

"""Equal wall clock: what ours and PyTorch have learnt after every minute, each alone on the same cores."""

import os
import pathlib
import tempfile

from bench.worker import Failed

from . import budget, ours, peer, recipe
from .intervals import wilson

OURS, ORIGINAL, RECIPE = "ours", "original", "recipe"
CONTENDERS = {OURS: "sentry train emotion", ORIGINAL: "PyTorch, the original's recipe", RECIPE: "PyTorch, our recipe"}
LEAD = 2  # points on PrivateTest at the end


def run(setting, options, faces):
    """The result; what a contender's result holds, `train_ours` and `train_peer` say."""
    seconds = 60 * options.minutes
    result = {"seconds": seconds, "contenders": {}}
    with tempfile.TemporaryDirectory(prefix="sentry-accuracy-") as place:
        clock = Clock(setting, options, faces.limited(options.limit, options.seed), seconds, pathlib.Path(place))
        for name in options.only or CONTENDERS:
            print(f"{CONTENDERS[name]}: the speed is probed, then it trains", flush=True)
            load = os.getloadavg()
            contender = clock.train_ours() if name == OURS else clock.train_peer(name)
            result["contenders"][name] = contender | {"load_before": load}
            last = contender["points"][-1][1] if contender["points"] else None
            print(f"  {contender['seconds_per_epoch']}: {contender['plan']}; PublicTest "
                  f"{'–' if last is None else f'{last:.2f} %'}", flush=True)
            yield result
    result["verdicts"] = verdicts(result)
    yield result


class Clock:
    def __init__(self, setting, options, faces, seconds, place):
        self.setting, self.seed, self.faces, self.seconds, self.place = setting, options.seed, faces, seconds, place
        self.sizes, self.limit = options.size, options.limit
        self.probed = {}  # size: (a run, seconds of an epoch) of ours

    def train_ours(self):
        """`points`: [(seconds, PublicTest accuracy, size)], those in time; `test`: on PrivateTest, of the best model that
        is left, which is one of the last size.
        """
        phases = self.sizes or [(self.plan()["model"]["options"]["input-size"], 1)]
        rates = {size: self.probe_ours(size)[1] for size, _ in phases}
        phases = budget.fitting(phases, rates, self.seconds)
        if (needed := budget.duration(phases, rates)) > self.seconds:
            raise Failed(f"ours needs {needed:.0f} s for {budget.text(phases)}, and has {self.seconds:.0f} s: give more "
                         "--minutes or a smaller --size")
        words = ["--image-size", phases[0][0], "--epochs", phases[0][1]]
        if len(phases) > 1:
            words = ["--image-size-schedule", ",".join(f"{size}:{epochs}" for size, epochs in phases)]
        limit = ["--limit", self.limit] if self.limit else []
        run = ours.Run(self.setting, self.place / "ours", self.seed, *limit, *words)
        self.faces.check(run.record)
        points = run.points()
        in_time = [point for point in points if point[0] <= self.seconds]
        best = max((point for point in points if point[2] == phases[-1][0]), key=lambda point: point[1])
        # The file holds that of the whole run: where it came too late, there is none to judge.
        test = run.evaluate("best_model.pth", "test") if best in in_time else None
        return {"plan": budget.text(phases), "seconds_per_epoch": described(rates), "points": in_time, "test": test,
                "all_points": points, "run": run.record}

    def train_peer(self, name):
        """As `train_ours`; what trained until the time was over is judged by what it had."""
        if not self.setting.has("torch", "torchvision"):
            raise Failed("no Python with PyTorch and torchvision: run make peers, or name one with --python")
        if name == ORIGINAL:
            settings, phases = recipe.original(), [(recipe.ORIGINAL_SIZE, 1)]
        else:
            settings = recipe.of_run(self.plan())
            phases = [(self.plan()["model"]["options"]["input-size"], 1)]
        phases = self.sizes or phases
        if name == ORIGINAL:
            phases = phases[-1:]  # it has one size
        folder = self.place / name
        rates = {size: peer.probe(self.setting, folder, self.faces, self.seed, settings, size) for size, _ in phases}
        phases = budget.fitting(phases, rates, self.seconds)
        lines = peer.run(self.setting, folder, recipe.fit(
            self.setting, self.faces, self.seed, settings, phases, seconds=self.seconds))
        points = [(line["seconds"], 100 * line["correct"] / line["count"], line["size"]) for line in peer.epochs(lines)]
        return {"plan": budget.text(phases), "seconds_per_epoch": described(rates), "points": points,
                "test": lines[-1]["test"], "lines": lines, "recipe": settings}

    def plan(self):
        """Of a run of ours, whose recipe PyTorch's side follows."""
        return self.probe_ours(self.sizes[-1][0] if self.sizes else None)[0].plan

    def probe_ours(self, size):
        """None: the size that the recipe has, which only a run tells."""
        if size not in self.probed:
            samples = min(len(self.faces.train), budget.probe_samples(size or recipe.ORIGINAL_SIZE, 64))
            self.probed[size] = ours.probe(
                self.setting, self.place / f"probe-{size}", self.seed, size, samples, len(self.faces.train))
        return self.probed[size]


def described(rates):
    return ", ".join(f"{seconds:.1f} s an epoch at {size} px" for size, seconds in rates.items())


def best_until(points, seconds):
    """The best accuracy of the epochs that had ended by then; None where none had."""
    return max((accuracy for end, accuracy, _ in points if end <= seconds), default=None)


def verdicts(result):
    """Of ours against each peer. Both are steps in time, so that ours is ahead always if it is whenever the peer rises."""
    contenders, found = result["contenders"], {}
    for name in [name for name in contenders if name != OURS and OURS in contenders]:
        us, them = contenders[OURS], contenders[name]
        behind = [(end, best_until(us["points"], end), best_until(them["points"], end)) for end, *_ in them["points"]]
        behind = [entry for entry in behind if entry[1] is None or entry[1] <= entry[2]]
        found[name] = {"behind": behind, "ahead_always": not behind}
        if us["test"] and them["test"]:
            found[name]["lead"] = percent(us["test"]) - percent(them["test"])
            found[name]["lead_reached"] = found[name]["lead"] >= LEAD
    return found


def percent(test):
    return 100 * test["correct"] / test["count"]


def table(result):
    """In Markdown."""
    contenders = result["contenders"]
    yield "| | " + " | ".join(CONTENDERS[name] for name in contenders) + " |"
    yield "| --- |" + " --- |" * len(contenders)
    yield row("trained", [contender["plan"] for contender in contenders.values()])
    for minute in minutes(result["seconds"]):
        best = [best_until(contender["points"], 60 * minute) for contender in contenders.values()]
        yield row(f"{minute:g} min, PublicTest", ["–" if value is None else f"{value:.2f} %" for value in best])
    yield row("at the end, PrivateTest", [tested(contender["test"]) for contender in contenders.values()])


def minutes(seconds):
    whole = list(range(1, int(seconds // 60) + 1))
    return whole if whole and 60 * whole[-1] == seconds else [*whole, seconds / 60]


def row(title, cells):
    return f"| {title} | " + " | ".join(cells) + " |"


def tested(test):
    if test is None:
        return "–"
    low, high = wilson(test["correct"], test["count"])
    return f"{percent(test):.2f} % ({low:.2f}…{high:.2f})"


def conclusions(result):
    for name, verdict in result["verdicts"].items():
        if verdict["ahead_always"]:
            yield f"ours is ahead of {CONTENDERS[name]} at every point of time"
        for end, us, them in verdict["behind"]:
            yield (f"MISSED: after {end:.0f} s ours has {'no epoch' if us is None else f'{us:.2f} %'}, "
                   f"{CONTENDERS[name]} {them:.2f} %")
        if "lead" in verdict:
            yield (f"{'' if verdict['lead_reached'] else 'MISSED: '}PrivateTest at the end: {verdict['lead']:+.2f} points "
                   f"against {CONTENDERS[name]}, wanted ≥ {LEAD}")
    if OURS in result["contenders"] and result["contenders"][OURS]["test"] is None:
        yield ("not judged on PrivateTest: the best epoch of ours ended after the time, because the machine was slower than at "
               "the probe")


def missed(result):
    return any(not (verdict["ahead_always"] and verdict.get("lead_reached")) for verdict in result["verdicts"].values())

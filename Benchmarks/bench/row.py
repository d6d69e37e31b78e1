"""What a row of the table is, and the usual kind: ours beside peers, interleaved."""

import dataclasses
import statistics

from . import breakdown
from .worker import Failed, Worker

MISSED, NOT_JUDGED = "MISSED", "not judged"


@dataclasses.dataclass
class Target:
    """A ratio to reach against the fastest of some contenders, at least `least`, better `aim`."""

    against: tuple
    least: float
    aim: float


@dataclasses.dataclass
class Comparison:
    """Sentry's program and peers, each a command that serves rounds (see worker.py).

    `contenders` takes the setting and returns {name: (command, packages that it needs)}; the first is ours.
    """

    name: str
    title: str
    unit: str
    contenders: object
    targets: list
    repeats: int = 1  # rounds that are so short that each is done so often

    def run(self, setting):
        commands = self.contenders(setting)
        notes = [f"{name}: not measured, {' or '.join(needs)} is absent"
                 for name, (_, needs) in commands.items() if not setting.has(*needs)]
        free = [name for name, (_, needs) in commands.items() if setting.level.leaves_free(needs)]
        notes += [f"{name} cannot be held to {setting.level.name}: it computed at {setting.level.best}" for name in free]
        workers = []
        try:
            for name, (command, needs) in commands.items():
                if setting.has(*needs):
                    self._start(workers, notes, name, command, ours=not workers)
            seconds = {worker.name: [] for worker in workers}
            for _ in range(self.repeats * setting.rounds):
                for worker in workers:
                    seconds[worker.name].append(worker.measure())
            details = {worker.name: (worker.information or {}) | worker.stop() for worker in workers}
        finally:
            for worker in workers:
                worker.kill()
        ours = next(iter(commands))
        result = {"contenders": {
            name: {"seconds": values, **details[name]} for name, values in seconds.items()}, "notes": notes}
        result["ratios"] = {
            name: spread(ratios(seconds[ours], values)) for name, values in seconds.items() if name != ours}
        result["targets"] = [judge(target, seconds, ours, free) for target in self.targets]
        command = commands[ours][0]
        if missed(result["targets"]) and breakdown.is_engine(command):
            breakdown.add(result, lambda: {"a pass of sentry, in ms of a processor": breakdown.of_engine(command)})
        return result

    @staticmethod
    def _start(workers, notes, name, command, ours):
        worker = Worker(name, command)
        try:
            worker.start()
            workers.append(worker)
        except Failed as failure:
            worker.kill()
            if ours:
                raise
            notes.append(str(failure))


def ratios(ours, theirs):
    """How many times as fast ours is, round by round."""
    return [their / our for our, their in zip(ours, theirs)]


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def judge(target, seconds, ours, free=()):
    """The ratio to the fastest contender. Not judged where one was not measured, which might have been the fastest, or
    where we lose against one that has more of the CPU than we were held to."""
    absent = [name for name in target.against if name not in seconds]
    if absent:
        why = f"{' and '.join(absent)} {'was' if len(absent) == 1 else 'were'} not measured"
        return not_judged(f"against {' or '.join(target.against)}", why, target.least, target.aim)
    best = min(target.against, key=lambda name: statistics.median(seconds[name]))
    ratio = spread(ratios(seconds[ours], seconds[best]))
    judged = verdict(f"against {best}", ratio, target.least, target.aim)
    if best in free and missed([judged]):
        return judged | {"verdict": NOT_JUDGED, "why": f"{best} was not held to the level"}
    return judged


def not_judged(what, why, least, aim, ceiling=False, unit="×"):
    return {"what": what, "why": why, "least": least, "aim": aim, "ceiling": ceiling, "unit": unit,
            "verdict": NOT_JUDGED}


def missed(targets):
    return any(target["verdict"] == MISSED for target in targets)


def verdict(what, ratio, least, aim, ceiling=False, unit="×"):
    """A figure beside what it should be; `ceiling` where smaller is better."""
    reached = (lambda wanted: ratio["median"] <= wanted) if ceiling else (lambda wanted: ratio["median"] >= wanted)
    word = "aim" if reached(aim) else "reached" if reached(least) else MISSED
    return {"what": what, "value": ratio, "least": least, "aim": aim, "ceiling": ceiling, "unit": unit, "verdict": word}

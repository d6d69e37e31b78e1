"""Where the time of a row goes that misses what it was to reach."""

import pathlib

from .worker import Failed, Worker


def is_engine(command):
    return pathlib.Path(command[0]).name == "EngineBench"


def of_engine(command):
    """Milliseconds of a pass by class of operation, the threads' added up, in one more round."""
    worker = Worker("profile", [*command, "--profile"])
    try:
        worker.start()
        worker.measure()
        return worker.stop().get("profile_ms", {})
    finally:
        worker.kill()


def add(result, measure):
    """Adds what `measure` gives, {title: {part: time}}, to a row's result, which stands where that fails."""
    try:
        result.setdefault("profiles", {}).update(measure())
    except Failed as failure:
        result.setdefault("notes", []).append(f"no profile: {failure}")


def lines(title, parts):
    total = sum(parts.values())
    if total <= 0:
        return
    yield f"profile of {title}:"
    for part, time in sorted(parts.items(), key=lambda entry: -entry[1]):
        yield f"  {100 * time / total:5.1f} %  {time:9.1f}  {part}"

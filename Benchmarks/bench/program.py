"""`sentry` itself, run as a whole."""

import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time

from .memory import PeakWatch
from .worker import Failed


@contextlib.contextmanager
def training(setting, *words):
    """A `sentry train` command whose run directory vanishes afterwards."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sentry-bench-"))
    try:
        yield folder / "run", [
            str(setting.builds / "sentry"), "train", "emotion", "--threads", str(setting.threads),
            "--output", str(folder / "run"), *map(str, words)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command):
    """Runs it to its end: its wall seconds and peak memory."""
    with tempfile.TemporaryFile(mode="w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        with PeakWatch(process.pid) as memory:
            status = process.wait()
            seconds = time.perf_counter() - start
        if status != 0:
            errors.seek(0)
            raise Failed(f"{' '.join(command)} failed: {errors.read().strip()[-500:]}")
    return seconds, memory.peak


def told(folder, name):
    """One of the JSON files that a run leaves: run, timing, history."""
    return json.loads((folder / f"{name}.json").read_text())


def first_step(command):
    """Seconds until it shows the progress of its first step, on a terminal, where the bar is drawn at once."""
    master, terminal = os.openpty()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=terminal, preexec_fn=no_core)
    os.close(terminal)
    seen = ""
    try:
        while "epoch 1/" not in seen:
            try:
                seen += os.read(master, 4096).decode(errors="replace")
            except OSError:  # the other end is closed
                raise Failed(f"{' '.join(command)} ended before its first step: {seen.strip()[-500:]}") from None
        return time.perf_counter() - start
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(master)


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

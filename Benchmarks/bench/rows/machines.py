"""Several processes that train one run, on this machine and over a cable of 1 Gbit/s between two network namespaces."""

import os
import pathlib
import statistics
import subprocess
import tempfile

from .. import program
from ..row import spread, verdict
from ..setting import ROOT
from ..worker import Failed

SIZE, BATCH, STEPS = 224, 32, 3
RATE = "1gbit"
HOSTS = ROOT / "scripts/two-hosts"
MPIRUN = ["mpirun", "--allow-run-as-root", "--bind-to", "none", "-n", "2"]
LATE, OWN = ["--set", "trainer.overlap=false"], ["--set", "model.sync-batch-norm=false"]
ONE, TWO, HALF = "1 process, 2 threads", "2 processes, 1 thread each", "half a batch, 1 thread, twice at once"
CABLE = f"2 hosts, {RATE}"
# name: launcher, further options
OVER_CABLE = {
    "2 hosts, no limit": ([HOSTS], []),
    CABLE: ([HOSTS, "--rate", RATE], []),
    f"{CABLE}, without overlap": ([HOSTS, "--rate", RATE], LATE),
    f"{CABLE}, own batch norms": ([HOSTS, "--rate", RATE], OWN),
    f"{CABLE}, own batch norms, without overlap": ([HOSTS, "--rate", RATE], OWN + LATE),
}


class Machines:
    name, unit = "machines", "s a step"
    title = f"training by 2 processes, emotion at {SIZE}×{SIZE}, batch {BATCH}"
    target = {"what": f"{TWO}, against {ONE}", "least": 0.95, "aim": 1.0}

    def run(self, setting):
        measured, notes = self._measured(), []
        seconds = {name: [] for name in measured}
        reached = []
        for _ in range(setting.rounds):
            for name, (launcher, options) in list(measured.items()):
                try:
                    seconds[name].append(self._step(setting, name, launcher, options))
                except Skipped as reason:
                    notes.append(f"{name}: not measured, {reason}")
                    del measured[name], seconds[name]
            if CABLE in measured:
                reached.append(self._rate())
        result = {"seconds": seconds, "reached": reached, "notes": notes, "lines": self._lines(seconds, reached)}
        ratio = spread([one / two for one, two in zip(seconds[ONE], seconds[TWO])])
        result["targets"] = [verdict(ratio=ratio, **self.target)]
        return result

    @staticmethod
    def _measured():
        return {ONE: ([], ["--threads", 2]), TWO: (MPIRUN, []), HALF: (None, [])} | OVER_CABLE

    def _step(self, setting, name, launcher, options):
        """Seconds of a step of the second epoch: the first reads the samples and builds the primitives."""
        batch, copies = (BATCH // 2, 2) if launcher is None else (BATCH, 1)
        with tempfile.TemporaryDirectory(prefix="sentry-bench-") as folder:
            runs = [pathlib.Path(folder) / f"run{copy}" for copy in range(copies)]
            processes = [subprocess.Popen(
                list(map(str, [
                    *(launcher or []), setting.builds / "sentry", "train", "emotion", "--dataset", "synthetic-faces",
                    "--image-size", SIZE, "--batch-size", batch, "--epochs", 2, "--workers", 2,
                    "--set", f"dataset.count={STEPS * batch}", "--set", "dataset.validation-count=8",
                    "--set", "run.tensorboard=false", "--output", run,
                    *([] if "--threads" in options else ["--threads", 1]), *options])),
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for run in runs]
            errors = [process.communicate()[1] for process in processes]
            if processes[0].returncode == 77:
                raise Skipped(errors[0].strip()[-200:])
            for process, error in zip(processes, errors):
                if process.returncode != 0:
                    raise Failed(f"{name}: {error.strip()[-500:]}")
            return statistics.mean(batch / program.told(run, "timing")["images_per_second"][1] for run in runs)

    @staticmethod
    def _rate():
        """What a connection over the cable reaches, in Mbit/s."""
        told = subprocess.run([HOSTS, "--rate", RATE, "--measure"], capture_output=True, text=True, check=True).stdout
        return float(told.split()[0])

    @staticmethod
    def _lines(seconds, reached):
        lines = []
        for name, values in seconds.items():
            line = f"  {name:58} {statistics.median(values):6.2f} s"
            if name not in (ONE, HALF):
                share = spread([100 * (1 - alone / value) for alone, value in zip(seconds[HALF], values)])
                line += (f", of which {share['median']:3.0f} % communication "
                         f"({share['least']:.0f}…{share['most']:.0f})")
            lines.append(line)
        if reached:
            lines.append(f"  the cable of {RATE} carried {statistics.median(reached):.0f} Mbit/s")
        lines.append(f"  load of the machine: {os.getloadavg()[1]:.1f} in five minutes")
        return lines


class Skipped(Exception):
    pass


ROWS = [Machines()]

"""Programs that are measured, as long-lived workers.

A worker sets itself up, warms up, prints one line, and then measures once for every line that it reads and prints a
JSON object: {"seconds": [...], "items": N}, the seconds of each pass over N items. So rounds of several workers
interleave without paying for start-up or compiling again.
"""

import json
import statistics
import subprocess
import tempfile

from .memory import peak_bytes


class Failed(Exception):
    """A program that could not be measured; the text says why."""


class Worker:
    def __init__(self, name, command, environment=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        self.information = None

    def start(self):
        """Waits until it is warm; what it says of itself."""
        self.information = self._read()
        return self.information

    def measure(self):
        """The seconds an item took in one round: the median over its passes."""
        self._write("measure\n")
        answer = self._read()
        return statistics.median(answer["seconds"]) / answer["items"]

    def stop(self):
        """Its peak memory and its last line, which has a profile where one was asked for."""
        peak = peak_bytes(self.process.pid)
        self.process.stdin.close()
        rest = self.process.stdout.read()
        self.process.wait()
        lines = [line for line in rest.splitlines() if line.startswith("{")]
        return {"peak_bytes": peak} | (json.loads(lines[-1]) if lines else {})

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _write(self, text):
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._failure() from None

    def _read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise self._failure()

    def _failure(self):
        self.process.wait()
        self.errors.seek(0)
        last = [line.strip() for line in self.errors.read().splitlines() if line.strip()][-1:] or ["no message"]
        return Failed(f"{self.name} ended with {self.process.returncode}: {last[0]}")

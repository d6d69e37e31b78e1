"""`sentry --help`: what every start of the program pays."""

import os
import subprocess

from .. import program
from ..row import spread, verdict
from ..worker import Failed

HEAVY = ("libopencv", "libdnnl", "libmkldnn", "libopenblas")


class Help:
    name, title, unit = "help", "sentry --help, start to end, median of 20", "ms"

    def run(self, setting):
        command = [str(setting.builds / "sentry"), "--help"]
        if heavy := [library for library in self._libraries(command) if any(name in library for name in HEAVY)]:
            raise Failed(f"sentry --help loads {', '.join(heavy)}")
        seconds = [program.run(command)[0] for _ in range(20)]
        return {
            "seconds": seconds,
            "notes": ["nothing of OpenCV, oneDNN or OpenBLAS is mapped, as the dynamic linker tells"],
            "targets": [
                verdict("start to end", spread([1e3 * value for value in seconds]), 50, 30, ceiling=True, unit=" ms")]}

    @staticmethod
    def _libraries(command):
        """Everything that the process loads. ldd would not see what the program opens as it runs."""
        process = subprocess.run(
            command, env=os.environ | {"LD_DEBUG": "files"}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True)
        told = process.stderr.splitlines()
        loaded = {line.split("file=", 1)[1].split()[0] for line in told if "file=" in line}
        if not any("libc.so" in library for library in loaded):
            raise Failed("the dynamic linker does not tell what sentry --help loads (LD_DEBUG)")
        return sorted(loaded)


ROWS = [Help()]

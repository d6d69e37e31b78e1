"""On what it was measured."""

import os
import pathlib
import platform
import subprocess

from .setting import ROOT


def describe(setting):
    return {
        "cpu": field("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory": field("/proc/meminfo", "MemTotal"),
        "flags": sorted(set(field("/proc/cpuinfo", "flags").split())
                        & {"avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16"}),
        "load": os.getloadavg(),
        "kernel": platform.release(),
        "commit": output(["git", "-C", ROOT, "describe", "--always", "--dirty"]),
        "swift": output(["swift", "--version"]).splitlines()[:1],
        "libraries": libraries(),
        "python": setting.python,
        "python_version": output([setting.python, "--version"]).removeprefix("Python ") if setting.python else None,
        "peers": setting.packages,
    }


def libraries():
    """Versions of what Sentry computes with, as Debian's packages have them; nothing where there is no such package."""
    patterns = ["libdnnl[0-9]*", "libopenblas0-pthread", "libopencv-core[0-9]*"]
    listed = output(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version}\\n", *patterns])
    installed = (line.split() for line in listed.splitlines() if line.startswith("installed "))
    return {package: version for _, package, version in installed}


def field(path, name):
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.split(":", 1)[1].strip()
    return ""


def output(command):
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""

"""The bundle of scripts/gpu-check: a stripped program, its plugins, and the libraries that they need beyond the C++ runtime.

gpu_bundle.py BUILD OUTPUT [PLUGIN…]
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

# Of every Linux machine with a C++ compiler.
SYSTEM = ("libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libgcc_s.so", "libstdc++.so", "ld-linux", "linux-vdso", "libresolv.so", "libutil.so")
# OpenCV's reader of pictures links these for formats that are not read here: 150 MB. In their place stands a library with the names alone.
STAND_INS = ("libgdal.so", "libgdcm")


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def needed(file):
    """The names of the libraries that a file states, with their paths here."""
    stated = [line.split("[")[1].rstrip("]\n") for line in output("readelf", "-d", str(file)).splitlines() if "(NEEDED)" in line]
    found = {}
    for line in output("ldd", str(file)).splitlines():
        parts = line.split()
        if len(parts) >= 3 and parts[1] == "=>" and parts[2].startswith("/"):
            found[parts[0]] = pathlib.Path(parts[2])
    return {name: found[name] for name in stated if name in found}


def symbols(file, kind):
    return {line.split()[-1].split("@")[0] for line in output("nm", "-D", kind, str(file)).splitlines()}


def stand_in(name, path, users, target):
    wanted = sorted(symbols(path, "--defined-only") & set().union(*(symbols(user, "--undefined-only") for user in users)))
    with tempfile.NamedTemporaryFile("w", suffix=".s") as source:
        # Zeros: a call ends at once, and so does whoever takes one for data.
        source.write("\t.data\n" + "".join(f"\t.globl {symbol}\n{symbol}:\n\t.zero 64\n" for symbol in wanted))
        source.write('\t.section .note.GNU-stack,"",@progbits\n')
        source.flush()
        subprocess.run(["gcc", "-shared", "-nostdlib", f"-Wl,-soname,{name}", source.name, "-o", target], check=True)


def main():
    build, target = map(pathlib.Path, sys.argv[1:3])
    shutil.rmtree(target, ignore_errors=True)
    for folder in ("bin", "plugins", "lib"):
        (target / folder).mkdir(parents=True)
    files = [(build / "sentry", target / "bin")] + [(build / f"lib{name}.so", target / "plugins") for name in sys.argv[3:]]
    waiting, libraries, replaced = [], {}, {}
    for file, folder in files:
        shutil.copy(file, folder)
        waiting.append(file)
    while waiting:
        file = waiting.pop()
        for name, path in needed(file).items():
            if name.startswith(SYSTEM):
                continue
            if name.startswith(STAND_INS):
                replaced.setdefault((name, path), set()).add(file)
            elif name not in libraries:
                libraries[name] = path
                waiting.append(path)
    for name, path in libraries.items():
        shutil.copy(path.resolve(), target / "lib" / name)
    for (name, path), users in replaced.items():
        stand_in(name, path, users, target / "lib" / name)
    everything = [str(path) for path in target.rglob("*") if path.is_file()]
    subprocess.run(["strip", "--strip-unneeded", *everything], check=True, stderr=subprocess.DEVNULL)
    print(f"gpu-check: the program, {len(files) - 1} plugins, {len(libraries)} libraries and {len(replaced)} stand-ins")


main()

#!/usr/bin/env python3
"""Training steps of the emotion network against PyTorch, interleaved: engine.py [--python PY] [--rounds N] [--only 224x32].

Prints medians of images per second and ratios with their spread. PyTorch comes from the interpreter that --python names;
where it is absent the peers are left out and said so. `make bench` builds what it needs first.
"""
import argparse
import pathlib
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run(command):
    """Seconds of each step but the first, and the peak memory."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    lines = [line.split() for line in done.stdout.splitlines()]
    seconds = [float(line[line.index("seconds") + 1]) for line in lines if line and line[0] == "step"]
    peak = next(int(line[1]) for line in lines if line and line[0] == "peak_bytes")
    return seconds[1:], peak


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=str(ROOT / ".peers/bin/python"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="SIZExBATCH")
    parser.add_argument("--frozen", action="store_true")
    arguments = parser.parse_args()
    extra = ["frozen"] if arguments.frozen else []
    torch = subprocess.run([arguments.python, "-c", "import torch, torchvision"], capture_output=True).returncode == 0
    if not torch:
        print(f"PyTorch is absent ({arguments.python}): only our own times follow")
    for size, batch, steps in ((224, 32, 3), (48, 64, 8)):
        if arguments.only and arguments.only != f"{size}x{batch}":
            continue
        sizes = [str(size), str(batch), str(steps)]
        commands = {"sentry": [ROOT / ".build/release/EngineBench", *sizes, *extra]}
        if torch:
            peer = [arguments.python, ROOT / "Benchmarks/peers/torch_densenet.py", *sizes, *extra]
            commands |= {"torch NCHW": peer, "torch channels_last": [*peer, "channels_last"]}
        rates, peaks = {name: [] for name in commands}, {}
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                seconds, peaks[name] = run(command)
                rates[name].append(batch / statistics.median(seconds))
        print(f"{size}x{size}, batch {batch}{' frozen' if extra else ''}, {arguments.rounds} rounds")
        for name, values in rates.items():
            ratios = [ours / theirs for ours, theirs in zip(rates["sentry"], values)]
            print(f"  {name:20} {statistics.median(values):7.1f} images/s ({min(values):.1f}…{max(values):.1f}), "
                  f"{peaks[name] / 1e9:.2f} GB; sentry is {statistics.median(ratios):.2f}× "
                  f"({min(ratios):.2f}…{max(ratios):.2f})")


main()

"""Attacks the program: hostile plugins, failing disks and calls, kills, too little memory. Needs root, for mounts and control
groups; takes 15 minutes at most. Status 0: nothing hung, ran a command, was cut short or told a lie."""
import argparse, os, signal, sys, time
import files, plugins, processes
from ground import ROOT, Ground

CASES = plugins.CASES + files.CASES + processes.CASES


def main():
    parser = argparse.ArgumentParser(prog="scripts/attack", description=__doc__)
    parser.add_argument("cases", nargs="*", help="some of: " + ", ".join(case.__name__ for case in CASES))
    parser.add_argument("--program", default=ROOT / ".build/release/sentry")
    parser.add_argument("--seconds", type=int, default=840, help="what is not begun by then is left out")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("attack: needs root, for mounts and control groups")
    unknown = set(options.cases) - {case.__name__ for case in CASES}
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    # Under nohup it is ignored, and the program would leave it so.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    ground = Ground(os.path.realpath(options.program), options.seconds)
    left_out = []
    try:
        for case in CASES:
            if options.cases and case.__name__ not in options.cases:
                continue
            if ground.is_over():
                left_out.append(case.__name__)
                continue
            print(case.__name__.replace("_", " "), flush=True)
            start, attacks, problems = time.monotonic(), ground.attacks, len(ground.problems)
            case(ground)
            print(f"  {ground.attacks - attacks} attacks, {len(ground.problems) - problems} problems, "
                  f"{time.monotonic() - start:.0f} s", flush=True)
    finally:
        ground.close()
    kinds = {kind: sum(1 for found, _ in ground.problems if found == kind) for kind, _ in ground.problems}
    print(f"{ground.attacks} attacks: {kinds.get('hang', 0)} hangs, {kinds.get('command run', 0)} commands run, "
          f"{kinds.get('truncated file', 0)} truncated files"
          + "".join(f", {count} × {kind}" for kind, count in sorted(kinds.items())
                    if kind not in ("hang", "command run", "truncated file")))
    if left_out:
        print(f"left out for want of time: {', '.join(left_out)}")
    sys.exit(1 if ground.problems or left_out else 0)


main()

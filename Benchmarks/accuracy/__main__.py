"""python3 -m accuracy {clock,epochs} [options]; run by `make accuracy`."""

import argparse
import datetime
import json
import os
import pathlib
import sys

from bench import fer2013, machine
from bench.level import VARIABLES, Level
from bench.setting import ROOT, Setting
from bench.worker import Failed

from . import budget, clock, epochs, faces


def main():
    parser, options = parse()
    options.fer2013 = fer2013.for_script(parser, options.sentry, options.data)
    try:
        setting = Setting(options, Level(options.level))
    except ValueError as error:
        parser.error(str(error))
    setting.sentry, setting.fer2013 = options.sentry, options.fer2013
    record = {"command": sys.argv[1:], "machine": machine.describe(setting), "threads": setting.threads,
              "level": setting.level.name, "what": options.command}
    path = setting.results / f"accuracy-{options.command}-{datetime.datetime.now():%Y-%m-%d-%H%M%S}.json"
    try:
        for result in options.what.run(setting, options, faces.read(setting.fer2013)):
            # After every part: what was interrupted keeps what it has.
            path.write_text(json.dumps(record | {"result": result}, indent=1) + "\n")
    except Failed as failure:
        sys.exit(f"accuracy: {failure}")
    print("", *options.what.table(result), "", *options.what.conclusions(result), f"written to {path}", sep="\n")
    sys.exit(options.what.missed(result))


def parse():
    parser = argparse.ArgumentParser(prog="accuracy", description="What Sentry learns beside PyTorch, on FER2013.")
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", help="the FER2013 folder (SENTRY_FER2013, else ../shared/data/fer2013.tar)")
    common.add_argument("--sentry", type=pathlib.Path, default=ROOT / ".build/release/sentry", help="the program")
    common.add_argument("--python", help="the interpreter that has PyTorch (SENTRY_PYTHON, else .peers/bin/python)")
    common.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)),
                        help="compute threads of each side (one for each core)")
    common.add_argument("--level", choices=list(VARIABLES), help="hold both sides to this vector level (the CPU's best)")
    common.set_defaults(rounds=None, quick=False, compile=None)  # of bench's Setting

    command = commands.add_parser("clock", parents=[common], help="equal wall clock", description=clock.__doc__)
    command.set_defaults(what=clock)
    command.add_argument("--minutes", type=float, default=20, help="of training for each (20)")
    command.add_argument("--size", type=budget.sizes, metavar="PIXELS",
                         help="image size of all, or 48:2,96:1: sizes with their shares of the epochs (each recipe's size)")
    command.add_argument("--limit", type=int, metavar="N", help="training samples (all); validation in proportion")
    command.add_argument("--seed", type=int, default=42)
    command.add_argument("--only", nargs="+", choices=list(clock.CONTENDERS), help="these alone")

    command = commands.add_parser("epochs", parents=[common], help="epoch for epoch", description=epochs.__doc__)
    command.set_defaults(what=epochs)
    command.add_argument("--epochs", type=int, default=2)
    command.add_argument("--size", type=int, metavar="PIXELS", default=48, help="image size (48)")
    command.add_argument("--limit", type=int, metavar="N", default=8000, help="training samples (8000)")
    command.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])

    options = parser.parse_args()
    if options.command == "epochs" and len(options.seeds) < 2:
        parser.error("one seed does not tell how much accuracies vary: give two or more")
    return parser, options


main()

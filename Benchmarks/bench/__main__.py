"""python3 -m bench [--only ROW…] [--rounds N] [--level LEVEL] [--quick]; run by `make bench`."""

import argparse
import datetime
import json
import sys

from . import machine, report
from .level import VARIABLES, Level
from .rows import all_rows
from .setting import Setting
from .worker import Failed


def main():
    rows = all_rows()
    options = parse(rows)
    try:
        level = Level(options.level)
    except ValueError as error:
        sys.exit(f"bench: {error}")
    setting = Setting(options, level)
    if setting.python is None:
        print("No Python with the peers (run make peers, or set SENTRY_PYTHON): their columns are missing.")
    record = {"machine": machine.describe(setting), "threads": setting.threads, "rounds": setting.rounds, "rows": {}}
    path = setting.results / f"{datetime.datetime.now():%Y-%m-%d-%H%M%S}.json"
    failed = []
    for name in options.only or rows:
        try:
            result = rows[name].run(setting)
        except Failed as failure:
            result = {"failed": str(failure), "notes": [str(failure)]}
            failed.append(name)
        record["rows"][name] = result | {"level": level.name}
        for line in report.lines(rows[name], record["rows"][name]):
            print(line, flush=True)
        path.write_text(json.dumps(record, indent=1) + "\n")  # after every row: an interrupted run keeps what it has
    print("", *report.summary(record["rows"]), "", f"written to {path}", sep="\n")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def parse(rows):
    listing = "\n".join(f"  {name:24} {row.title}" for name, row in rows.items())
    parser = argparse.ArgumentParser(
        prog="bench", description="Sentry beside its peers, interleaved.", epilog=f"rows:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="ROW", choices=list(rows), help="these rows alone")
    parser.add_argument("--rounds", type=int, help="interleaved rounds (5; with --quick 2)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller runs, no torch.compile")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction,
                        help="measure torch.compile too, which compiles for minutes the first time")
    parser.add_argument("--level", choices=list(VARIABLES),
                        help="hold both sides to this vector level (the CPU's best); bf16 rows need the best")
    parser.add_argument("--threads", type=int, default=2, help="compute threads on both sides (2)")
    parser.add_argument("--python", help="the interpreter that has the peers (SENTRY_PYTHON, else .peers/bin/python)")
    parser.add_argument("--fer2013", help="the FER2013 folder of the rows that train on it (SENTRY_FER2013)")
    return parser.parse_args()


main()

#!/usr/bin/env python3
"""Does what a page of the docs says, in the current folder, which should be empty.

  follow_page.py PAGE.md

A comment before each fenced block says what is done with it:
  <!-- run -->           its lines are given to a shell, as one script; a command that fails ends it
  <!-- file: PATH -->    it becomes the file
  <!-- shows: PATH -->   the file holds these lines, one after the other
Blocks of a page that have none are an error, so that no snippet goes untried.
"""
import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"(?:^<!-- *(run|file: *\S+|shows: *\S+) *-->\n)?^```(\w*)\n(.*?)^```$", re.M | re.S)


def fail(page, line, message):
    sys.exit(f"{page}:{line}: {message}")


def main():
    page = pathlib.Path(sys.argv[1])
    text = page.read_text()
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        what, content = block[1], block[3]
        if not what:
            fail(page, line, "no comment says what is done with this block")
        path = pathlib.Path(what.partition(":")[2].strip())
        if what == "run":
            print(f"{page.name}:{line}: " + content.strip().replace("\n", "\n    "), flush=True)
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", content], stdin=subprocess.DEVNULL)
            if done.returncode:
                fail(page, line, f"these commands end with status {done.returncode}")
        elif what.startswith("file"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        elif content not in path.read_text():
            fail(page, line, f"{path} does not hold these lines")


if __name__ == "__main__":
    main()

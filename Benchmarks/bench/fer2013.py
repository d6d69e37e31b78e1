"""Where FER2013 is."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile

from .setting import ROOT
from .worker import Failed

SHARED = ROOT.parent / "shared/data/fer2013.tar"
ABSENT = f"no FER2013: name its folder (--fer2013, in scripts --data) or set SENTRY_FER2013, or put {SHARED} there"


@functools.cache
def folder(named=None):
    """The folder that was named, else the shared archive unpacked until the program ends, as .ci/run does; or None."""
    named = named or os.environ.get("SENTRY_FER2013")
    if named:
        return named
    if not SHARED.is_file():
        return None
    place = tempfile.mkdtemp(prefix="sentry-fer2013-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    unpacking = subprocess.run(["tar", "-xf", SHARED, "-C", place], stderr=subprocess.PIPE, text=True)
    if unpacking.returncode != 0:
        raise Failed(f"{SHARED} was not unpacked: {unpacking.stderr.strip()[-300:]}")
    return f"{place}/fer2013"


def for_script(parser, sentry, named):
    """The folder, for a script that cannot do without it, nor without the program; else ends with its parser's error."""
    if not os.access(sentry, os.X_OK):
        parser.error(f"{sentry} is no program: build it with make build")
    try:
        found = folder(named)
    except Failed as failure:
        parser.error(str(failure))
    return found or parser.error(ABSENT)

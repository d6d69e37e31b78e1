"""Disks that are full, calls that fail, names that are commands."""
import errno, random, shutil, subprocess, time
from ground import EMOTION, HERE


def reference(ground):
    folder = ground.root / "whole"
    if not folder.exists():
        outcome = ground.sentry([*EMOTION, "--output", folder], 120)
        if outcome.status != 0:
            raise SystemExit(f"attack: the run to compare with fails:\n{outcome.text}")
    return folder


def resumed(ground, folder, what):
    """However it failed, it goes on to the same bytes."""
    ground.whole(folder, what)
    begun = (folder / "run.json").exists()
    arguments = ["train", "--resume", folder] if begun else [*EMOTION, "--overwrite", "--output", folder]
    outcome = ground.sentry(arguments, 120)
    if outcome.status != 0 and "already finished" not in outcome.text and "is finished" not in outcome.text:
        # Nothing was saved yet: it says so, and begins anew.
        outcome = ground.sentry([*EMOTION, "--overwrite", "--output", folder], 120)
    if outcome.status != 0 and "finished" not in outcome.text:
        ground.problem("not resumed", f"{what}: {outcome.text[-300:]}")
    ground.same(reference(ground), folder, what)


def full_disks(ground):
    reference(ground)
    for size in (64, 512, 20_000, 40_000, 70_000, 120_000, 180_000):
        if ground.is_over():
            return
        place = ground.tmpfs(f"disk-{size}", f"{size}k")
        outcome = ground.sentry([*EMOTION, "--output", place / "run"], 120)
        if not outcome.is_clean:
            ground.problem("no word", f"a disk of {size} kB: {outcome.status} {outcome.text[-300:]}")
        subprocess.run(["mount", "-o", "remount,size=1g", place], check=True)
        if outcome.status != 0:
            resumed(ground, place / "run", f"a disk of {size} kB")
        shutil.rmtree(place / "run", ignore_errors=True)


def a_full_place_for_temporary_files(ground):
    place = ground.tmpfs("tmp", "4k")
    with open(place / "fill", "wb") as file:
        try:
            file.write(bytes(1 << 20))
            file.flush()
        except OSError:
            pass
    run = ground.root / "no-tmp"
    outcome = ground.sentry([*EMOTION, "--output", run], 120, {"TMPDIR": str(place)})
    if outcome.status != 0:
        ground.problem("stopped", f"a full TMPDIR: {outcome.text[-300:]}")
    else:
        ground.same(reference(ground), run, "a full TMPDIR")


def faults(ground, seconds=150):
    """Calls that fail, at random, for so long."""
    end = time.monotonic() + seconds
    shim = ground.compile(HERE / "faults.c", ground.root / "faults.so")
    draw = random.Random(12)
    kinds = [(call, error) for call in ("write", "fsync", "close", "rename", "open")
             for error in (errno.EIO, errno.ENOSPC, errno.EINTR)]
    for number in range(1000):
        if ground.is_over() or time.monotonic() > end:
            return
        call, error = kinds[number % len(kinds)]
        run, log = ground.root / f"fault-{number}", ground.root / f"fault-{number}.log"
        fault = f"{call}:{error}:{draw.randint(1, 24)}:{run}"
        outcome = ground.sentry(
            [*EMOTION, "--output", run], 120,
            {"LD_PRELOAD": str(shim), "SENTRY_FAULT": fault, "SENTRY_FAULT_LOG": str(log)})
        what = log.read_text().strip() if log.exists() else f"{fault}, which never came"
        if not outcome.is_clean or error == errno.EINTR and outcome.status != 0:
            ground.problem("no word" if error != errno.EINTR else "interrupted", f"{what}: {outcome.text[-300:]}")
        if outcome.status == 0:
            ground.whole(run, what)
            ground.same(reference(ground), run, what)
        else:
            resumed(ground, run, what)
        shutil.rmtree(run, ignore_errors=True)


def names_that_are_commands(ground):
    """Folders of runs are named as nobody would; nothing of a name is done."""
    whole = reference(ground)
    names = ["'; touch canary;cd;touch canary #", "$(touch canary;cd;touch canary)", "`touch canary;cd;touch canary`", "a\nb'; system(\"touch canary;cd;touch canary\")", "-rf",
             "\u0600'.system(\"touch canary;cd;touch canary\").'\u0301", "\u0600';system\"touch canary;cd;touch canary\"#", "'tis", "=cmd|'x'!A1",
             "\x1b]0;x\x07\u202e", "%s%n<script>", "\\\\n\"quoted\""]
    places = []
    for name in names:
        place = ground.folder("names") / name
        shutil.copytree(whole, place)
        places.append(place)
        for arguments in (["runs", "show", place], ["runs", "compare", whole, place, "--figure", ground.root / "figure"],
                          ["inspect", place / "final_model.pth"]):
            outcome = ground.sentry(arguments, 60)
            if outcome.status < 0 or any(ord(c) < 32 and c not in "\n\t" for c in outcome.text):
                ground.problem("raw text", f"{name!r}: {arguments[0]}")
    ground.sentry([*EMOTION, "--output", ground.root / "names" / ("train" + names[0])], 120)


CASES = [full_disks, a_full_place_for_temporary_files, names_that_are_commands, faults]

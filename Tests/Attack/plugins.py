"""Plugins that mean harm."""
import os
from ground import BAD


def hostile_files(ground):
    """Each alone in a folder: every command that sees it ends, at the latest when its probe does (60 s), and nothing is left
    running."""
    token = str(10 ** 8 + os.getpid()) + ".5"
    for source in sorted(BAD.glob("*.c")):
        if source.stem == "only_in_host":
            continue
        folder = ground.folder(f"bad/{source.stem}")
        own, other = folder / "libbad.so", ground.root / "other.so"
        ground.compile(BAD / "no_entry.c", other)
        ground.compile(source, own, f'-DTOKEN="{token}"', f'-DSELF="{own}"', f'-DOTHER="{other}"')
        outcome = ground.sentry(["--plugin-dir", folder, "plugins", "list"], 90)
        if outcome.status != 0 or "libbad.so: " not in outcome.text or "libbad.so: usable" in outcome.text:
            ground.problem("believed", f"{source.stem}: {outcome.text[:300]}")
    left = [pid for pid in os.listdir("/proc") if pid.isdigit() and token.encode() in command_line(pid)]
    if left:
        ground.problem("left running", ", ".join(left))


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def pipes_and_devices(ground):
    folder = ground.folder("bad/pipes")
    os.mkfifo(folder / "libx.so")
    os.mkfifo(folder / "x.augmenter.json")
    (folder / "libzero.so").symlink_to("/dev/zero")
    (folder / "libtty.so").symlink_to("/dev/ptmx")
    ground.sentry(["--plugin-dir", folder, "plugins", "list"], 20)
    for arguments in (["--config", folder / "libx.so"], ["--resume", folder]):
        (folder / "run.json").exists() or os.mkfifo(folder / "run.json")
        ground.sentry(["train", "emotion", *arguments], 20)


def only_in_the_host(ground):
    """Good in the probe; in the program it ends or crashes. The program must not end with 0, and names the file."""
    for number, act in enumerate(["_exit(0)", "exit(0)", "quick_exit(0)", "raise(SIGSEGV)", "abort()"]):
        folder = ground.folder(f"bad/host-{number}")
        ground.compile(BAD / "only_in_host.c", folder / "libhost.so", f"-DACT={act}")
        outcome = ground.sentry(
            ["--plugin-dir", folder, "train", "emotion", "--dataset", "test-c-light", "--output",
             ground.root / f"host-{number}"], 40)
        if outcome.status == 0 or "libhost.so" not in outcome.text:
            ground.problem("success", f"{act}: {outcome.status} {outcome.text[-300:]}")


CASES = [hostile_files, pipes_and_devices, only_in_the_host]

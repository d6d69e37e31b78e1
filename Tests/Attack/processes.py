"""Kills, signals, and limits on memory."""
import os, pathlib, random, shutil, signal, time
from files import reference
from ground import EMOTION, POSTURE


def kills(ground, count=40, seconds=240):
    """SIGKILL at random moments; what goes on from there ends with the same bytes."""
    whole, draw = reference(ground), random.Random(7)
    run, resumes = ground.root / "killed", 0
    end = time.monotonic() + seconds
    for _ in range(count):
        if ground.is_over() or time.monotonic() > end:
            break
        begun = (run / "run.json").exists()
        outcome = ground.sentry(
            ["train", "--resume", run] if begun else [*EMOTION, "--overwrite", "--output", run], 120,
            kill_after=draw.uniform(0.3, 3))
        if outcome.status == -signal.SIGKILL:
            ground.whole(run, "a kill")
            resumes += begun
            continue
        if outcome.status == 0:
            ground.same(whole, run, f"after {resumes} kills")
        shutil.rmtree(run, ignore_errors=True)
    print(f"  {resumes} kills were of resumed runs", flush=True)


def hang_ups(ground):
    run = ground.root / "hung-up"
    outcome = ground.sentry([*EMOTION, "--epochs", "300", "--output", run], 60, kill_when=run / "history.json", signal_number=signal.SIGHUP)
    if outcome.status != 130 or not (run / "state/current").exists():
        ground.problem("not saved", f"SIGHUP: {outcome.status} {outcome.text[-300:]}")


def killed_exports(ground):
    model, draw = reference(ground) / "best_model.pth", random.Random(3)
    folder = ground.folder("exports")
    for _ in range(12):
        ground.sentry(["export", "--model", model, "--overwrite", "--output", folder / "m.onnx"], 60, kill_after=draw.uniform(0.02, 0.6))
    outcome = ground.sentry(["export", "--model", model, "--overwrite", "--output", folder / "m.onnx"], 60)
    left = [name for name in os.listdir(folder) if ".tmp-" in name]
    if outcome.status == 0 and left:
        ground.problem("left behind", ", ".join(left))
    if outcome.status != 0:
        ground.problem("no export", outcome.text[-300:])


def closed_descriptors(ground):
    run = ground.root / "closed"
    outcome = ground.sentry(
        [*EMOTION, "--output", run], 120, prefix=["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"])
    if outcome.status != 0:
        ground.problem("failed", f"closed descriptors: {outcome.status}")
    ground.same(reference(ground), run, "closed descriptors")
    for path in run.rglob("*"):
        if path.is_file() and b"epoch 1/" in path.read_bytes():
            ground.problem("written to", str(path.relative_to(ground.root)))


def limits_on_addresses(ground):
    """`ulimit -v`: it does, or says why not, and never waits for memory. The dynamic loader itself may be the one to fail."""
    for train in (POSTURE, EMOTION):
        for megabytes in (200, 300, 400, 500, 700, 900, 1200, 2000):
            if ground.is_over():
                return
            outcome = ground.sentry(
                [*train, "--overwrite", "--output", ground.root / "limited"], 90,
                prefix=["sh", "-c", f'ulimit -v {megabytes * 1000}; exec "$@"', "sh"])
            if outcome.status != 0 and megabytes == 2000:
                ground.problem("refused", f"{train[1]} in {megabytes} MB: {outcome.text[-300:]}")
            if outcome.status < 0:
                ground.problem("crash", f"{train[1]} in {megabytes} MB: {outcome.status} {outcome.text[-300:]}")


def a_group_with_little_memory(ground):
    """A control group: nobody is killed for memory that the plan did not foresee."""
    base = pathlib.Path("/sys/fs/cgroup/memory")
    unified = not base.is_dir()
    group = (pathlib.Path("/sys/fs/cgroup") if unified else base) / f"sentry-attack-{os.getpid()}"
    limit = group / ("memory.max" if unified else "memory.limit_in_bytes")
    try:
        group.mkdir()
        limit.write_text(str(400_000_000))
    except OSError as error:
        print(f"  left out: no control group for memory here ({error})", flush=True)
        if group.is_dir():
            group.rmdir()
        return
    try:
        outcome = ground.sentry(
            [*EMOTION, "--image-size", "48", "--batch-size", "16", "--output", ground.root / "grouped"], 240,
            prefix=["sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh"])
        if outcome.status == -signal.SIGKILL or not outcome.is_clean:
            ground.problem("overrun", f"400 MB: {outcome.status} {outcome.text[-300:]}")
    finally:
        group.rmdir()


CASES = [hang_ups, killed_exports, closed_descriptors, limits_on_addresses, a_group_with_little_memory, kills]

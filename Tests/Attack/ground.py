"""Where attacks happen: a folder of its own, the program in it, and what is counted."""
import json, os, pathlib, shutil, signal, subprocess, tempfile, time, zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
BAD = ROOT / "Tests/Integration/PluginTests/Plugins/Bad"

EMOTION = "train emotion --dataset synthetic-faces --image-size 32 --batch-size 8 --epochs 2 --lr 1e-3 --threads 1 " \
    "--set dataset.count=24 --set dataset.validation-count=8 --set run.state-seconds=1".split()
POSTURE = "train posture --dataset synthetic-posture --set dataset.count=16 --batch-size 8 --epochs 1 --threads 2 --workers 1".split()


class Outcome:
    def __init__(self, status, text, hung):
        self.status, self.text, self.hung = status, text, hung

    @property
    def is_clean(self):
        """Done, or failed with a word: not by a signal, and not in silence."""
        return self.status == 0 or self.status > 0 and ("Error: " in self.text or "warning: " in self.text)


class Ground:
    def __init__(self, program, seconds):
        self.program, self.end = str(program), time.monotonic() + seconds
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="sentry-attack-"))
        # A command that is run makes one of them: where the program runs, and at home.
        self.canaries = [self.root / "canary", self.root / "home" / "canary"]
        self.attacks, self.problems, self.mounts = 0, [], []
        for name in ("home", "plugins"):
            (self.root / name).mkdir()

    def close(self):
        for place in reversed(self.mounts):
            subprocess.run(["umount", "-l", place], check=False)
        shutil.rmtree(self.root, ignore_errors=True)

    def is_over(self):
        return time.monotonic() >= self.end

    def problem(self, kind, text):
        self.problems.append((kind, text))
        print(f"  {kind}: {text}", flush=True)

    def folder(self, name):
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def tmpfs(self, name, size):
        path = self.folder(name)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path], check=True)
        self.mounts.append(path)
        return path

    def compile(self, source, target, *flags):
        subprocess.run(
            ["cc", "-std=gnu11", "-fPIC", "-shared", "-w", "-I", ROOT / "Sources/CSentryPlugin/include", *flags, source,
             "-o", target], check=True)
        return target

    def sentry(self, arguments, seconds=60, environment=(), prefix=(), kill_after=None, kill_when=None, signal_number=signal.SIGKILL, **how):
        """Runs the program; one that does not end in time is a hang. After `kill_after` seconds, or as soon as the file
        `kill_when` exists, it gets a signal."""
        self.attacks += 1
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(self.root / "home"),
                     "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", **dict(environment)}
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                [*prefix, self.program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=variables, cwd=self.root, start_new_session=True, **how)
            hung = False
            try:
                if kill_when is not None:
                    start = time.monotonic()
                    while process.poll() is None and not kill_when.exists() and time.monotonic() < start + seconds:
                        time.sleep(0.05)
                    process.send_signal(signal_number)
                if kill_after is not None:
                    try:
                        process.wait(kill_after)
                    except subprocess.TimeoutExpired:
                        process.send_signal(signal_number)
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                hung = True
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        if hung:
            self.problem("hang", " ".join(map(str, arguments)))
        for canary in self.canaries:
            if canary.exists():
                canary.unlink()
                self.problem("command run", " ".join(map(str, arguments)))
        return Outcome(process.returncode, text, hung)

    def whole(self, folder, what):
        """Every file under a final name is complete."""
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if not path.is_file() or ".tmp-" in path.name:
                continue
            try:
                if path.suffix == ".json":
                    json.loads(path.read_text())
                elif path.suffix == ".pth":
                    with zipfile.ZipFile(path) as archive:
                        if archive.testzip():
                            raise ValueError("a damaged entry")
                elif path.suffix == ".html" and not path.read_text().rstrip().endswith("</html>"):
                    raise ValueError("no end")
            except Exception as error:
                self.problem("truncated file", f"{what}: {path.relative_to(self.root)}: {error}")

    def same(self, one, other, what):
        for name in ("history.json", "final_model.pth", "best_model.pth"):
            left, right = (pathlib.Path(folder) / name for folder in (one, other))
            if not right.exists() or left.read_bytes() != right.read_bytes():
                self.problem("other bytes", f"{what}: {name}")

"""Poses and faces in the frames of a video, against MediaPipe's solutions: the clock's time for a frame, without decoding."""

import atexit
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

from ..machine import field
from ..row import Comparison, Target, spread, verdict
from ..setting import ROOT, flags
from ..worker import Failed

SHARED = ROOT.parent / "shared/data"
VIDEO, WIDTH, HEIGHT, FRAMES = SHARED / "videos/single_face.mp4", 640, 360, 24
PEER = "mediapipe"
WIDE = "avx512f" in field("/proc/cpuinfo", "flags").split()
# At most 0.4 of MediaPipe's time, better 0.28; with AVX-512, from which MediaPipe's networks gain more, 0.7 and 0.45.
POSE = Target((PEER,), 1.43, 2.22) if WIDE else Target((PEER,), 2.5, 3.57)
FACE_LIMIT = 3


@functools.cache
def frames():
    """The video's first frames as a file of RGB values, until the program ends."""
    if not VIDEO.is_file() or not (SHARED / "mediapipe").is_dir():
        raise Failed(f"{VIDEO} or {SHARED / 'mediapipe'} is absent")
    if shutil.which("ffmpeg") is None:
        raise Failed("ffmpeg is absent")
    handle, path = tempfile.mkstemp(prefix="sentry-bench-frames-")
    os.close(handle)
    atexit.register(os.unlink, path)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-i", VIDEO, "-frames:v", str(FRAMES), "-f", "rawvideo", "-pix_fmt", "rgb24", path],
        check=True)
    if pathlib.Path(path).stat().st_size != FRAMES * WIDTH * HEIGHT * 3:
        raise Failed(f"{VIDEO} has other frames than are measured")
    return path


def contenders(subject, threads):
    def commands(setting):
        picture = {"frames": frames(), "width": WIDTH, "height": HEIGHT}
        ours = [setting.builds / "PoseBench", subject, *flags(picture, models=SHARED / "mediapipe", threads=threads)]
        peer = [setting.mediapipe, setting.peers / "mediapipe_solutions.py", subject, *flags(picture)]
        return {"sentry": (ours, ()), PEER: (peer, (PEER,))}

    return commands


class Faces(Comparison):
    """With a limit of its own in milliseconds."""

    def run(self, setting):
        result = super().run(setting)
        times = [1e3 * value for value in result["contenders"]["sentry"]["seconds"]]
        result["targets"].append(verdict("a frame", spread(times), FACE_LIMIT, FACE_LIMIT, ceiling=True, unit=" ms"))
        return result


def title(what, threads):
    return f"{what}, 640×360, {threads} {'thread' if threads == 1 else 'threads'}, against MediaPipe 0.10.14"


ROWS = [
    *(Comparison(f"pose-{subject}-{threads}", title(what, threads), "ms", contenders(subject, threads), [POSE])
      for subject, what in {"track": "pose, tracked", "detect": "pose, detected in every frame"}.items()
      for threads in (1, 2)),
    *(Faces(f"face-{threads}", title("faces", threads), "ms", contenders("face", threads), []) for threads in (1, 2)),
]

#!/usr/bin/env python3
"""MediaPipe's poses and faces, as `mp.solutions` has them. It chooses its threads by itself."""

import argparse
import os
import time

os.environ |= {"GLOG_minloglevel": "3", "TF_CPP_MIN_LOG_LEVEL": "3"}
start = time.perf_counter()

import mediapipe  # noqa: E402
import numpy as np  # noqa: E402
from serve import serve  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject", choices=["track", "detect", "face"])
    parser.add_argument("--frames", required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--height", type=int, required=True)
    parser.add_argument("--passes", type=int, default=1)
    options = parser.parse_args()
    frames = np.fromfile(options.frames, np.uint8).reshape(-1, options.height, options.width, 3)
    frames = [*frames, *frames[::-1]]
    solutions = mediapipe.solutions
    if options.subject == "face":
        detector = solutions.face_detection.FaceDetection(model_selection=0)
        found = lambda frame: detector.process(frame).detections  # noqa: E731
    else:
        detector = solutions.pose.Pose(static_image_mode=options.subject == "detect", model_complexity=1)
        found = lambda frame: detector.process(frame).pose_landmarks  # noqa: E731
    if not found(frames[0]):
        raise SystemExit(f"{options.frames} shows nobody in its first frame")
    information = {"start_ms": 1e3 * (time.perf_counter() - start)}

    def step():
        for frame in frames:
            found(frame)

    serve(step, len(frames), options.passes, information)


main()

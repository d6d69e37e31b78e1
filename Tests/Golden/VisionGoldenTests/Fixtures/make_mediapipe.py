"""What MediaPipe finds in the first frames of the shared videos: .peers-mediapipe/bin/python make_mediapipe.py [FOLDER OF VIDEOS].

Writes mediapipe.json: by video and frame the points of the pose, tracked and smoothed from frame to frame, the points of each frame
by itself, and the faces. Needs ffmpeg, whose frames both MediaPipe and the test are given, and the environment of `scripts/peers
mediapipe`. The committed file is of mediapipe 0.10.14 and ffmpeg 5.1.9.
"""

import hashlib
import json
import pathlib
import subprocess
import sys

import mediapipe
import numpy as np

HERE = pathlib.Path(__file__).parent
VIDEOS = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parents[4] / "shared" / "data" / "videos")
FRAMES = 4


def frames(path):
    """The first frames, as the test decodes them."""
    probe = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0"]
    size = subprocess.run([*probe, path], capture_output=True, text=True, check=True).stdout.strip().strip(",")
    width, height = map(int, size.split(","))
    command = ["ffmpeg", "-v", "error", "-i", path, "-frames:v", str(FRAMES), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    pixels = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(pixels, np.uint8).reshape(FRAMES, height, width, 3)


def rounded(values):
    return [round(float(value), 6) for value in values]


def points(landmarks):
    """x, y, z, visibility of each point; None where there is no body."""
    return landmarks and rounded(value for p in landmarks.landmark for value in (p.x, p.y, p.z, p.visibility))


def faces(result):
    """Score, x, y, width, height of each face."""
    found = []
    for face in result.detections or []:
        box = face.location_data.relative_bounding_box
        found.append(rounded([face.score[0], box.xmin, box.ymin, box.width, box.height]))
    return found


def golden(path):
    solutions = mediapipe.solutions
    tracker = solutions.pose.Pose(model_complexity=1)
    alone = solutions.pose.Pose(static_image_mode=True, model_complexity=1)
    detector = solutions.face_detection.FaceDetection(model_selection=0)
    result = []
    for frame in frames(path):
        tracked = tracker.process(frame)
        result.append({
            "pixels": hashlib.sha256(frame.tobytes()).hexdigest(), "size": [frame.shape[1], frame.shape[0]],
            "tracked": points(tracked.pose_landmarks), "world": points(tracked.pose_world_landmarks),
            "alone": points(alone.process(frame).pose_landmarks), "faces": faces(detector.process(frame)),
        })
    return result


def main():
    record = {path.name: golden(path) for path in sorted(VIDEOS.glob("*.mp4"))}
    (HERE / "mediapipe.json").write_text(json.dumps(record, indent=0) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes posture sequences from a folder of OpenPose recordings, one camera a subfolder, one JSON file a frame.

    .peers/bin/python scripts/openpose_to_sequences.py RECORDING data/openpose
    sentry train posture --data data/openpose --batch-size 4 --set dataset.allow-shared-subjects=true

Every frame becomes 75 numbers: x, y and confidence of the 25 keypoints of the largest person in it, x and y relative to the
middle of the hips and in lengths of the trunk, so that cameras agree; a keypoint that was not found keeps its last place, with
confidence 0. The first 70 % of every camera are training and the rest validation: the same person is on both sides, which the
labels say and `dataset.allow-shared-subjects` accepts.

Nobody labelled such a recording. Sequences are cut into pieces of 30 frames in training (overlapping by half) and as many as
there are in validation, and labelled by rule: `stress` by the variance of the differences between frames (below the 33rd
percentile of the training pieces calm, below the 67th fidgeting, else restless), `trajectory` by the slope of the trunk's angle
from the vertical (within a degree from end to end stable; smaller at the end improving). What a model learns from them is that
rule: this is for running the whole way on real movement, not for results.
"""

import argparse
import json
import pathlib

import numpy

LENGTH = 30
# BODY_25B, whose first 13 are COCO's: shoulders 5, 6; hips 11, 12.
SHOULDERS, HIPS = [5, 6], [11, 12]


def height(person):
    found = person[person[:, 2] > 0, 1]
    return found.max() - found.min() if len(found) else 0


def camera(folder):
    """[T, 25, 3] in pixels, of the largest person in each frame."""
    frames = []
    for path in sorted(folder.glob("*.json")):
        people = json.loads(path.read_text())["people"]
        points = [numpy.array(person["pose_keypoints_2d"], dtype=float).reshape(-1, 3) for person in people]
        points = [person for person in points if person.shape == (25, 3)]
        if points:
            frames.append(max(points, key=height))
    return numpy.array(frames).reshape(-1, 25, 3)


def features(frames):
    """[T, 75] in lengths of the trunk."""
    frames = frames.copy()
    for now in range(len(frames)):
        lost = frames[now, :, 2] <= 0
        frames[now, lost, :2] = frames[now - 1, lost, :2] if now else 0
    hips = frames[:, HIPS, :2].mean(1)
    trunk = numpy.median(numpy.linalg.norm(frames[:, SHOULDERS, :2].mean(1) - hips, axis=1))
    frames[:, :, :2] = (frames[:, :, :2] - hips[:, None]) / max(trunk, 1e-6)
    return frames.reshape(len(frames), -1).astype(numpy.float32)


def movement(piece):
    return numpy.diff(piece.reshape(len(piece), 25, 3)[:, :, :2], axis=0).var()


def trajectory(piece):
    shoulders = piece.reshape(len(piece), 25, 3)[:, SHOULDERS, :2].mean(1)
    angle = numpy.degrees(numpy.abs(numpy.arctan2(shoulders[:, 0], -shoulders[:, 1])))
    change = numpy.polyfit(numpy.arange(len(piece)), angle, 1)[0] * (len(piece) - 1)
    return 0 if abs(change) <= 1 else 2 if change < 0 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recording", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    pieces = {"train": {}, "val": {}}
    for folder in sorted(path for path in arguments.recording.iterdir() if path.is_dir()):
        values = features(camera(folder))
        border = int(len(values) * 0.7)
        for split, part, step in [("train", values[:border], LENGTH // 2), ("val", values[border:], LENGTH)]:
            for start in range(0, len(part) - LENGTH + 1, step):
                pieces[split][f"{folder.name}_{start:04d}"] = part[start : start + LENGTH]
    if not pieces["train"] or not pieces["val"]:
        raise SystemExit(f"{arguments.recording}: too few frames in folders of OpenPose JSON")
    low, high = numpy.percentile([movement(piece) for piece in pieces["train"].values()], [33, 67])
    for split, members in pieces.items():
        folder = arguments.output / split / "sequences"
        folder.mkdir(parents=True, exist_ok=True)
        labels = {}
        for name, piece in members.items():
            numpy.save(folder / f"{name}.npy", piece)
            moved = movement(piece)
            labels[name] = {
                "stress": 0 if moved < low else 1 if moved < high else 2,
                "trajectory": trajectory(piece),
                "subject": "walker",
            }
        (arguments.output / split / "labels.json").write_text(json.dumps(labels, indent=1))
        print(f"{split}: {len(members)} sequences")


if __name__ == "__main__":
    main()

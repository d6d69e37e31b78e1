#!/usr/bin/env python3
"""Writes the fixtures of PostureDataTests with NumPy: the 15 features of a made-up recording, by the formulas alone, and one
sequence in every form of .npy. Run it again only when a case is added (NumPy 2.x).
"""

import pathlib

import numpy

HERE = pathlib.Path(__file__).parent


def features(frames):
    """[T, 33, 4] (x, y, z, visibility) -> [T, 15], straight from the description and not sparing of time."""
    rows = []
    for now in range(len(frames)):
        p = frames[now, :, :2].astype(float)
        left, right = p[11], p[12]
        shoulders, hips = (left + right) / 2, (p[23] + p[24]) / 2
        angle = numpy.degrees(numpy.arctan2(left[1] - right[1], left[0] - right[0]))
        tilt = numpy.degrees(numpy.arctan2(p[7][1] - p[8][1], p[7][0] - p[8][0]))
        spine = shoulders - hips
        curvature = numpy.degrees(numpy.arccos(numpy.clip(spine @ [0, -1] / numpy.linalg.norm(spine), -1, 1)))
        chest = numpy.linalg.norm(left - right)
        ways = [
            numpy.linalg.norm(frames[t, :, :2].astype(float) - frames[t - 1, :, :2], axis=1) * frames[t, :, 3]
            for t in range(1, now + 1)
        ]
        totals = [way.sum() for way in ways]
        movements = [
            totals[-1] if ways else 0,
            ways[-1][11:17].sum() if ways else 0,
            ways[-1][[0, 7, 8, 2, 5]].sum() if ways else 0,
        ]
        still = 1 / (1 + 50 * numpy.mean(totals[-30:])) if totals else 1
        positions = frames[max(0, now - 29) : now + 1, :, 0].astype(numpy.float32)
        fidget = 0
        if len(positions) >= 10:
            signs = numpy.sign(numpy.diff(positions, axis=0))
            fidget = min(numpy.abs(numpy.diff(signs, axis=0)).sum() / (33 * (len(positions) - 1) + 1), 1)
        straight = 1 - min(abs(curvature) / 45, 1)
        open_ = min(chest / 0.3, 1)
        up = 1 - min(abs(tilt) / 30, 1)
        scores = [
            0.4 * straight + 0.3 * open_ + 0.2 * up + 0.1 * (1 - still),
            0.3 * (1 - straight) + 0.2 * open_ + 0.3 * still + 0.2 * (1 - fidget),
            0.4 * (1 - open_) + 0.3 * fidget + 0.3 * (1 - up),
            0.4 * (1 - straight) + 0.3 * (1 - open_) + 0.2 * still + 0.1 * (1 - up),
        ]
        rows.append(
            [angle / 90, tilt / 90, curvature / 90, chest, p[0][0] - shoulders[0], abs(left[1] - right[1])]
            + movements
            + [still, fidget]
            + [float(k == int(numpy.argmax(scores))) for k in range(4)]
        )
    return numpy.array(rows, dtype=numpy.float32)


def recording(rng):
    """A body that leans, narrows, tilts, rests and trembles."""
    frames = numpy.zeros((60, 33, 4), dtype=numpy.float32)
    base = rng.uniform(0.3, 0.7, (33, 2))
    base[[11, 12, 23, 24, 7, 8, 0]] = [(0.66, 0.4), (0.34, 0.42), (0.58, 0.8), (0.42, 0.8), (0.55, 0.2), (0.45, 0.2), (0.5, 0.22)]
    for t in range(60):
        points = base + rng.normal(size=(33, 2)) * (0.003 if t < 20 else 0.0001 if t < 45 else 0.02)
        lean = max(0, t - 10) * 0.008
        points[:23, 0] += lean
        points[11, 0] -= 0.0045 * t
        points[7, 1] += 0.0015 * t
        frames[t, :, :2] = points
        frames[t, :, 2] = rng.normal(size=33) * 0.1
        frames[t, :, 3] = rng.uniform(0.5, 1, 33)
    return frames


def forms():
    values = numpy.arange(12).reshape(4, 3)
    for name in ["f2", "f4", "f8", "i4", "i8", "u1"]:
        for order, letter in [("C", "c"), ("F", "f")]:
            for end, word in [("<", "little"), (">", "big")]:
                array = numpy.array(values, dtype=end + name, order=order)
                numpy.save(HERE / "forms" / f"{name}_{letter}_{word}.npy", array)
    for version in [(1, 0), (2, 0), (3, 0)]:
        with open(HERE / "forms" / f"version{version[0]}.npy", "wb") as file:
            numpy.lib.format.write_array(file, values.astype("<f4"), version=version)


def main():
    (HERE / "forms").mkdir(exist_ok=True)
    frames = recording(numpy.random.default_rng(4))
    numpy.save(HERE / "landmarks.npy", frames)
    numpy.save(HERE / "features.npy", features(frames))
    numpy.save(HERE / "object.npy", numpy.array([{"a": 1}], dtype=object), allow_pickle=True)
    forms()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes the videos that the tests read, with Debian's ffmpeg, and beside each what ffprobe says of its frames.

  make_videos.py FOLDER

Pictures are synthetic; nothing is fetched. NAME.json holds the times of the frames as ffprobe shows them and their sizes; NAME.rgb,
for some, the pixels of the first frame.
"""
import json
import pathlib
import subprocess
import sys

SIZE = "64x48"


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def source(seconds=1, rate=25, size=SIZE):
    return ["-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}"]


H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1", "-bitexact"]


def make(folder):
    def at(name):
        return folder / name

    ffmpeg(*source(), *H264, at("cfr.mp4"))
    # Every third frame is left out, and the rest keep their times.
    ffmpeg(*source(), "-vf", "select='mod(n,3)'", "-vsync", "vfr", *H264, at("vfr.mp4"))
    ffmpeg(*source(), "-c:v", "libx264", "-preset", "medium", "-bf", 3, "-pix_fmt", "yuv420p", "-threads", 1,
           at("bframes.mp4"))
    # One corner of the picture is white: turned, it moves.
    corner = ["-f", "lavfi", "-i", f"color=black:size={SIZE}:rate=25:duration=0.2,drawbox=0:0:16:12:white:fill"]
    ffmpeg(*corner, *H264, at("upright.mp4"))
    for angle in (90, 180, 270):
        ffmpeg("-display_rotation", angle, "-i", at("upright.mp4"), "-c", "copy", at(f"rotated{angle}.mp4")) \
            if knows_rotation() else \
            ffmpeg("-i", at("upright.mp4"), "-c", "copy", "-metadata:s:v:0", f"rotate={angle}", at(f"rotated{angle}.mp4"))
    ffmpeg(*source(), *H264, "-frames:v", 1, at("one-frame.mp4"))
    ffmpeg("-f", "lavfi", "-i", f"color=gray:size={SIZE}:rate=25:duration=0.4", *H264, at("no-person.mp4"))
    # The clock of a transport stream runs over after 95443.7 s; FFmpeg then has the first stamps below 0.
    ffmpeg(*source(), *H264, "-output_ts_offset", 95443.2, "-muxdelay", 0, at("negative.ts"))
    ffmpeg(*source(), *H264, "-output_ts_offset", 7, "-muxdelay", 0, at("offset.ts"))
    ffmpeg(*source(), "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", at("motion.avi"))
    # 10 bits, BT.709.
    ffmpeg(*source(seconds=0.2), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-colorspace", "bt709",
           at("ten-bit.mkv"))
    ffmpeg(*source(), "-f", "lavfi", "-i", "sine=duration=1", *H264, "-c:a", "aac", "-shortest", at("sound.mp4"))
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", at("audio-only.mp4"))
    # A raw stream holds no times.
    ffmpeg(*source(seconds=0.4), *H264, at("raw.h264"))

    # Frames of two sizes behind each other in one stream.
    ffmpeg(*source(seconds=0.4), *H264, at("part1.ts"))
    ffmpeg(*source(seconds=0.4, size="96x64"), *H264, "-output_ts_offset", 0.4, at("part2.ts"))
    at("size-changing.ts").write_bytes(at("part1.ts").read_bytes() + at("part2.ts").read_bytes())
    at("part1.ts").unlink()
    at("part2.ts").unlink()

    # The index stands in front, so that what is there can be decoded.
    ffmpeg(*source(seconds=4), *H264, "-movflags", "+faststart", at("whole.mp4"))
    whole = at("whole.mp4").read_bytes()
    at("truncated.mp4").write_bytes(whole[:len(whole) * 6 // 10])
    at("whole.mp4").unlink()
    cfr = at("cfr.mp4").read_bytes()
    at("no-index.mp4").write_bytes(cfr[:len(cfr) // 2])
    for name in ("mkv", "ts", "avi"):
        ffmpeg(*source(seconds=4), *H264, at(f"whole.{name}"))
        whole = at(f"whole.{name}").read_bytes()
        at(f"truncated.{name}").write_bytes(whole[:len(whole) * 6 // 10])
        at(f"whole.{name}").unlink()
    # Bytes in the middle are others.
    ffmpeg(*source(seconds=4), *H264, "-g", 10, at("damaged.mkv"))
    damaged = bytearray(at("damaged.mkv").read_bytes())
    for place in range(len(damaged) // 3, len(damaged) // 2, 61):
        damaged[place] ^= 0x5A
    at("damaged.mkv").write_bytes(damaged)

    at("zero.mp4").write_bytes(b"")
    at("text.mp4").write_text("This is a text and no video.\n" * 40)

    pictures = at("pictures")
    pictures.mkdir(exist_ok=True)
    ffmpeg(*source(seconds=0.48), "-start_number", 1, "-q:v", 2, pictures / "frame%d.jpg")
    at("no-pictures").mkdir(exist_ok=True)
    at("no-pictures/notes.txt").write_text("nothing to see\n")


def knows_rotation():
    """Whether this ffmpeg has the option (6.0)."""
    text = subprocess.run(["ffmpeg", "-v", "error", "-h", "long"], stdout=subprocess.PIPE, text=True).stdout
    return "-display_rotation" in text


def describe(path):
    shown = subprocess.run(
        ["ffprobe", "-v", "quiet", "-threads", "1", "-select_streams", "v:0", "-show_frames", "-show_entries",
         "frame=best_effort_timestamp_time,width,height", "-of", "json", path], stdout=subprocess.PIPE, text=True)
    frames = json.loads(shown.stdout or "{}").get("frames", [])
    return {
        "times": [float(frame["best_effort_timestamp_time"]) if "best_effort_timestamp_time" in frame else None
                  for frame in frames],
        "sizes": [[frame["width"], frame["height"]] for frame in frames],
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    make(folder)
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix != ".json":
            path.with_name(path.name + ".json").write_text(json.dumps(describe(path)))
    # The pixels of first frames, turned upright by ffmpeg.
    for name in ("cfr.mp4", "ten-bit.mkv", "rotated90.mp4", "rotated180.mp4", "rotated270.mp4"):
        ffmpeg("-i", folder / name, "-frames:v", 1, "-pix_fmt", "rgb24", "-f", "rawvideo", folder / f"{name}.rgb")


if __name__ == "__main__":
    main()

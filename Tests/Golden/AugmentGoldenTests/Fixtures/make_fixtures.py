"""Makes the golden files of the augmentation tests: torchvision's tensor functionals, Pillow and OpenCV at given parameters.

    python make_fixtures.py        (needs torch, torchvision, numpy, pillow, opencv-python-headless; made with torchvision
                                    0.29.2 and OpenCV 5.0.0)

golden.json lists the cases, golden.bin holds their pixels (height x width x channels, uint8) one after the other;
images/ holds files to decode, with what Pillow makes of them as cases of the operation "decode".
"""

import json
import pathlib

import cv2
import numpy as np
import torch
import torchvision.transforms.functional as F
from PIL import Image
from torchvision.transforms import InterpolationMode

HERE = pathlib.Path(__file__).parent
BILINEAR = InterpolationMode.BILINEAR
blob = bytearray()
cases = []
stored = {}


def pixels(array):
    """Where the array lies in golden.bin."""
    array = np.ascontiguousarray(array)
    assert array.dtype == np.uint8, array.dtype
    if array.ndim == 2:
        array = array[:, :, None]
    key = (array.shape, array.tobytes())
    if key not in stored:
        stored[key] = len(blob)
        blob.extend(array.tobytes())
    height, width, channels = array.shape
    return {"offset": stored[key], "width": width, "height": height, "channels": channels}


def case(operation, source, parameters, result, mask=None, file=None):
    entry = {"operation": operation, "parameters": [float(x) for x in parameters], "result": pixels(result)}
    if source is not None:
        entry["source"] = pixels(source)
    if mask is not None:
        entry["mask"] = pixels(mask)
    if file is not None:
        entry["file"] = file
    cases.append(entry)


def scene(width, height, channels, seed, smooth=False):
    """Waves, an ellipse with a sharp rim, and noise; or the waves alone."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = []
    for channel in range(channels):
        fx, fy, phase = random.uniform(1.0, 2.0, 3) * (1 if smooth else 2)
        plane = 128 + 70 * np.sin(2 * np.pi * (fx * x / width + fy * y / height) + 3 * phase)
        if not smooth:
            rim = ((x - 0.55 * width) / (0.3 * width)) ** 2 + ((y - 0.45 * height) / (0.35 * height)) ** 2 < 1
            plane += rim * random.uniform(-90, 90) + random.normal(0, 12, plane.shape)
        planes.append(plane)
    return np.clip(np.stack(planes, -1).round(), 0, 255).astype(np.uint8)


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array.transpose(2, 0, 1)))


def array(tensor):
    return tensor.numpy().transpose(1, 2, 0)


rgb = scene(32, 24, 3, 1)
rgb[:3, :8] = 77  # equal channels and flat colours: the branches of the hue conversion
rgb[0, 0] = 0
rgb[0, 1] = 255
rgb[3, :6] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255], [255, 0, 255]]
grey = scene(32, 24, 1, 2)
flat = np.full((5, 4, 1), 90, np.uint8)

# Photometric operations, one at a time.
for source in (rgb, grey):
    image = tensor(source)
    for factor in (0.0, 0.7, 1.0, 1.3, 1.857):
        case("brightness", source, [factor], array(F.adjust_brightness(image, factor)))
        case("contrast", source, [factor], array(F.adjust_contrast(image, factor)))
        case("saturation", source, [factor], array(F.adjust_saturation(image, factor)))
        case("sharpness", source, [factor], array(F.adjust_sharpness(image, factor)))
    for turn in (-0.5, -0.15, 0.0, 0.0371, 0.15, 0.5):
        case("hue", source, [turn], array(F.adjust_hue(image, turn)))
    for size, sigma in ((3, 0.1), (3, 0.6), (3, 2.0), (5, 0.1), (5, 1.1), (5, 3.0)):
        case("blur", source, [size, sigma], array(F.gaussian_blur(image, [size, size], [sigma, sigma])))
    case("autocontrast", source, [], array(F.autocontrast(image)))
square = grey[:, :24]
erased = F.erase(tensor(square), 3, 7, 9, 11, torch.tensor(0, dtype=torch.uint8))
case("erase", square, [7, 3, 11, 9], array(erased))
narrow = (grey // 2 + 40).astype(np.uint8)
case("autocontrast", narrow, [], array(F.autocontrast(tensor(narrow))))
case("autocontrast", flat, [], array(F.autocontrast(tensor(flat))))
tiny = rgb[:2, :7]
case("sharpness", tiny, [2.0], array(F.adjust_sharpness(tensor(tiny), 2.0)))
case("grey", rgb, [], np.asarray(F.to_grayscale(Image.fromarray(rgb))))
case("grey", grey, [], grey)

# Colour jitter: the four adjustments in a given order. Codes: 0 brightness, 1 contrast, 2 saturation, 3 hue.
functions = [F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue]
for source in (rgb, grey):
    for steps in (
        [(0, 1.21), (1, 0.75), (2, 1.3), (3, -0.09)],
        [(3, 0.12), (1, 1.29), (0, 0.71), (2, 0.8)],
        [(2, 0.7), (0, 1.3), (3, 0.03), (1, 1.3)],
    ):
        image = tensor(source)
        for code, value in steps:
            image = functions[code](image, value)
        case("jitter", source, [x for step in steps for x in step], array(image))

# Geometry, one at a time.
for source in (rgb, grey):
    image = tensor(source)
    case("hflip", source, [], array(F.hflip(image)))
    case("crop", source, [5, 3, 22, 19], array(F.crop(image, 3, 5, 19, 22)))
    for angle in (20.0, -33.0, 90.0):
        case("rotate", source, [angle], array(F.rotate(image, angle, BILINEAR)))
    for angle, tx, ty, scale, shear_x, shear_y in (
        (10.0, 0, 0, 1.0, 0.0, 0.0),
        (0.0, 5, -4, 1.0, 0.0, 0.0),
        (0.0, 0, 0, 1.15, 0.0, 0.0),
        (0.0, 0, 0, 1.0, 10.0, 0.0),
        (-14.0, -6, 3, 0.85, -9.0, 4.0),
    ):
        moved = F.affine(image, angle, [tx, ty], scale, [shear_x, shear_y], BILINEAR)
        case("affine", source, [angle, tx, ty, scale, shear_x, shear_y], array(moved))
    h, w = source.shape[:2]
    start = [[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]]
    for end in ([[2, 1], [30, 0], [28, 22], [1, 21]], [[0, 2], [27, 1], [31, 23], [4, 20]]):
        moved = F.perspective(image, start, end, BILINEAR)
        case("perspective", source, [x for point in end for x in point], array(moved))

# The composed map against torchvision step by step, in single precision and where no step reached outside.
size = 40
for seed, (margin, left, top, flip, angle, affine, end) in enumerate(
    (
        (6, 2, 5, True, 17.0, (-8.0, [3, -2], 1.08, [7.0, 0.0]), [[1, 2], [38, 0], [37, 39], [2, 38]]),
        (9, 9, 0, False, -25.0, (12.0, [-5, 4], 0.87, [-11.0, 0.0]), [[0, 0], [36, 2], [39, 37], [3, 39]]),
    )
):
    for channels in (1, 3):
        source = scene(33, 45, channels, 10 + seed, smooth=True)

        def step_by_step(image):
            image = F.resize(image, [size + margin, size + margin], BILINEAR, antialias=True)
            image = F.crop(image, top, left, size, size)
            image = F.hflip(image) if flip else image
            image = F.rotate(image, angle, BILINEAR)
            image = F.affine(image, *affine, BILINEAR)
            start = [[0, 0], [size - 1, 0], [size - 1, size - 1], [0, size - 1]]
            return F.perspective(image, start, end, BILINEAR)

        result = step_by_step(tensor(source).float()).round().to(torch.uint8)
        # The outermost source pixel is left out as well: a resize extends it, a warp fades from it to black.
        inside = torch.zeros(1, 45, 33)
        inside[:, 1:-1, 1:-1] = 1
        mask = (step_by_step(inside) > 0.999).to(torch.uint8) * 255
        parameters = [margin, left, top, flip, angle, affine[0], *affine[1], affine[2], *affine[3], *sum(end, [])]
        case("composed", source, parameters, array(result), mask=array(mask))

# Pillow's antialiased resize. It is separable, so that narrow strips do for large sizes.
for width, height, new_width, new_height, channels in (
    (48, 48, 64, 64, 1), (48, 12, 224, 7, 1), (12, 48, 7, 224, 3), (300, 8, 224, 6, 1), (8, 300, 6, 224, 3),
    (97, 65, 64, 48, 1), (33, 21, 47, 14, 3), (640, 9, 48, 9, 1), (9, 1000, 3, 48, 1),
    (1, 1, 32, 32, 3), (2, 3, 7, 5, 1), (64, 64, 1, 1, 1), (31, 31, 31, 31, 3),
):  # fmt: skip
    source = scene(width, height, channels, width * height)
    image = Image.fromarray(source[:, :, 0] if channels == 1 else source)
    case("resize", source, [new_width, new_height], np.asarray(image.resize((new_width, new_height), Image.BILINEAR)))

# Files to decode.
images = HERE / "images"
colour, plain = Image.fromarray(rgb), Image.fromarray(grey[:, :, 0])
alpha = colour.copy()
alpha.putalpha(plain.resize(colour.size))
upright = Image.Exif()
upright[0x0112] = 6
deep = Image.fromarray((grey[:, :, 0].astype(np.uint16) * 257))


def file(name, image, expected, **options):
    image.save(images / name, **options)
    case("decode", None, [], np.asarray(expected(Image.open(images / name))), file=name)


def as_rgb(image):
    return image.convert("RGB")


def on_white(image):
    """A picture with alpha over white, each value rounded to the nearest."""
    values = np.asarray(image.convert("RGBA")).astype(np.int64)
    colours, opacity = values[..., :3], values[..., 3:]
    return Image.fromarray(((colours * opacity + 255 * (255 - opacity) + 127) // 255).astype(np.uint8))


file("grey.jpg", plain, lambda image: image, quality=90)
file("rgb.jpg", colour, as_rgb, quality=90)
file("rgb-444-restart.jpg", colour, as_rgb, quality=90, subsampling=0, restart_marker_blocks=2)
file("progressive.jpg", colour, as_rgb, quality=90, progressive=True)
file("exif-rotated.jpg", colour, lambda image: image.convert("RGB").rotate(-90, expand=True), quality=90, exif=upright)
file("grey.png", plain, lambda image: image)
file("rgb.png", colour, as_rgb)
file("rgba.png", alpha, on_white)
file("grey-alpha.png", alpha.convert("LA"), lambda image: on_white(image).getchannel(0))
file("palette.png", colour.quantize(16), as_rgb)
file("deep.png", deep, lambda image: plain)
file("bits.png", plain.convert("1"), lambda image: image.convert("L"))
file("rgb.bmp", colour, as_rgb)

# Low light: grey, brightened by a gamma where the mean is under 100, then CLAHE.
def low_light(source):
    image = source[:, :, 0] if source.shape[2] == 1 else cv2.cvtColor(source, cv2.COLOR_RGB2GRAY)
    mean = image.mean()
    if mean < 100:
        gamma = min(1 + (100 - mean) / 100, 1.8)
        table = ((np.arange(256) / 255.0) ** (1 / gamma) * 255).astype(np.uint8)
        image = cv2.LUT(image, table)
    return cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(image)


# By a gamma within its bounds and at the largest; not at all; of a size that eight tiles do not divide; in colour.
for width, height, channels, divisor in ((40, 32, 1, 3), (32, 32, 1, 12), (32, 24, 1, 1), (37, 29, 1, 4), (24, 24, 3, 3)):
    source = scene(width, height, channels, 100 + divisor) // divisor
    case("low-light", source, [], low_light(source))

(HERE / "golden.bin").write_bytes(blob)
(HERE / "golden.json").write_text("[\n" + ",\n".join(json.dumps(entry) for entry in cases) + "\n]\n")
print(f"{len(cases)} cases, {len(blob)} bytes")

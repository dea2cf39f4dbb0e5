"""Further pictures against Pillow: BMP, PNM and animated GIF, both ways."""

import hashlib
import json
import pathlib
import subprocess
import sys

import numpy
from PIL import Image, ImageSequence

binary, work = sys.argv[1], pathlib.Path(sys.argv[2])


def crate(script: str) -> list[str]:
    """Runs `script` in the work folder and gives the lines that it printed."""
    done = subprocess.run([binary, "-c", script], cwd=work, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"pictures: crate failed on {script!r}:\n{done.stderr}")
    return done.stdout.splitlines()


def same(what: str, got, want) -> None:
    if got != want:
        sys.exit(f"pictures: {what}: got {got!r}, wanted {want!r}")


def digest(array: numpy.ndarray) -> str:
    return hashlib.sha256(numpy.ascontiguousarray(array).tobytes()).hexdigest()


colours = (numpy.arange(7 * 11 * 3) * 5 % 256).astype(numpy.uint8).reshape(7, 11, 3)
greys = colours[:, :, 0].copy()
for name, pixels in (("rgb.bmp", colours), ("grey.bmp", greys), ("rgb.ppm", colours), ("grey.pgm", greys)):
    Image.fromarray(pixels).save(work / name)
    same(f"{name} read", crate(f'let i = read("{name}"); print digest(i.pixels); print i.shape; write(i, "back_{name}")'),
         [digest(pixels), json.dumps(list(pixels.shape))])
    same(f"{name} written", digest(numpy.array(Image.open(work / f"back_{name}"))), digest(pixels))

# Plain colours survive a GIF's palette exactly.
plain = [numpy.full((8, 12, 3), colour, numpy.uint8) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
Image.fromarray(plain[0]).save(work / "a.gif", save_all=True, append_images=[Image.fromarray(p) for p in plain[1:]], duration=[50, 100, 150], loop=0)
lines = crate('let g = read("a.gif"); print len(g); print g.delays; for f in g { print digest(f.pixels) }; write(g, "b.gif")')
same("gif read", lines, ["3", "[50, 100, 150]"] + [digest(p) for p in plain])
back = Image.open(work / "b.gif")
same("gif written", [(frame.info["duration"], digest(numpy.array(frame.convert("RGB")))) for frame in ImageSequence.Iterator(back)],
     [(d, digest(p)) for d, p in zip([50, 100, 150], plain)])

print("pictures: BMP, PNM and GIF agree with Pillow")

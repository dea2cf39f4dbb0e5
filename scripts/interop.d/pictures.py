"""Further pictures against Pillow: BMP, PNM, TIFF, WebP and animated GIF both ways, and the functions that change pictures."""

import hashlib
import json
import pathlib
import subprocess
import sys

import numpy
from PIL import Image, ImageOps, ImageSequence

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


def loaded(path: str) -> numpy.ndarray:
    """The samples that crate reads, by way of an .npy file."""
    crate(f'write(read("{path}", kind: "image").pixels, "loaded.npy")')
    return numpy.load(work / "loaded.npy")


draw = numpy.random.default_rng(7)
noise = draw.integers(0, 256, (37, 53, 4), dtype="uint8")
noise16 = draw.integers(0, 65536, (19, 23), dtype="uint16")


def tiff() -> None:
    forms = {
        "L": noise[:, :, 0], "LA": noise[:, :, :2], "RGB": noise[:, :, :3], "RGBA": noise, "I;16": noise16,
        "F": draw.normal(size=(9, 8)).astype("float32"), "I": draw.integers(-(2**31), 2**31, (9, 8), dtype="int32"),
    }
    for mode, pixels in forms.items():
        for compression in ("raw", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits"):
            name = f"p_{mode.replace(';', '')}_{compression}.tiff"
            Image.fromarray(pixels).save(work / name, compression=compression)
            got = loaded(name)
            same(f"{name} read", (got.dtype, got.shape, digest(got)), (pixels.dtype, pixels.shape, digest(pixels)))
        crate(f'write(read("{name}"), "c.tiff"); write(read("{name}"), "c0.tiff", compression: 0)')
        for written in ("c.tiff", "c0.tiff"):
            with Image.open(work / written) as image:
                same(f"{mode} written", (image.mode, digest(numpy.asarray(image))), (mode, digest(pixels)))
    # What libtiff shows: palettes, bits, JPEG's colours and inks.
    rgb = Image.fromarray(noise[:, :, :3])
    for name, image in {"palette": rgb.quantize(60), "bilevel": Image.fromarray(noise[:, :, 0] > 127)}.items():
        image.save(work / f"p_{name}.tiff")
        same(f"{name} TIFF read", digest(loaded(f"p_{name}.tiff")), digest(numpy.asarray(image.convert("RGB" if name == "palette" else "L"))))
    Image.fromarray(noise[:, :, 0] > 127).save(work / "fax.tiff", compression="group4")
    same("fax read", digest(loaded("fax.tiff")), digest(numpy.asarray(Image.open(work / "fax.tiff").convert("L"))))
    smooth = numpy.stack([numpy.add.outer(numpy.arange(64) * a, numpy.arange(80) * b) for a, b in ((1, 2), (3, 0), (0, 3))], 2).astype("uint8")
    Image.fromarray(smooth).save(work / "jpeg.tiff", compression="jpeg", quality=95)
    theirs = numpy.asarray(Image.open(work / "jpeg.tiff")).astype(int)
    same("JPEG in TIFF within 3", bool(abs(loaded("jpeg.tiff").astype(int) - theirs).max() <= 3), True)
    # Floats as they are, and stretched as any array.
    crate('write(linspace(-1, 2, 12) * ones([3, 12]), "f.tiff", renormalize: false); write(read("f.tiff"), "f.png")')
    floats = numpy.linspace(-1, 2, 12) * numpy.ones((3, 12))
    crate('write(float32(read("f.tiff").pixels), "f32.tiff", renormalize: false)')
    same("floats", digest(numpy.asarray(Image.open(work / "f32.tiff"))), digest(floats.astype("float32")))
    same("stretched", digest(numpy.asarray(Image.open(work / "f.png"))), digest(((floats - floats.min()) / (floats.max() - floats.min()) * 255).astype("uint8")))


def webp() -> None:
    for name, pixels in (("rgb", noise[:, :, :3]), ("rgba", noise)):
        # exact: without it Pillow changes colours under full transparency.
        Image.fromarray(pixels).save(work / f"{name}.webp", lossless=True, exact=True)
        same(f"lossless {name} read", digest(loaded(f"{name}.webp")), digest(pixels))
        crate(f'write(read("{name}.webp"), "c_{name}.webp", lossless: true)')
        same(f"lossless {name} written", digest(numpy.asarray(Image.open(work / f"c_{name}.webp"))), digest(pixels))
    y, x = numpy.mgrid[0:64, 0:80]
    smooth = numpy.stack([x * 3, y * 4, x + y], 2).astype("uint8")
    Image.fromarray(smooth).save(work / "lossy.webp")
    theirs = numpy.asarray(Image.open(work / "lossy.webp")).astype(int)
    same("lossy read within 4", bool(abs(loaded("lossy.webp").astype(int) - theirs).max() <= 4), True)
    numpy.save(work / "smooth.npy", smooth)
    crate('write(read("smooth.npy"), "c_lossy.webp")')
    ours = numpy.asarray(Image.open(work / "c_lossy.webp")).astype(int)
    same("lossy written close", bool(abs(ours - smooth).mean() <= abs(theirs - smooth).mean() + 1), True)
    frames = [Image.fromarray(numpy.full((12, 16, 3), c, "uint8")) for c in (40, 90, 200)]
    frames[0].save(work / "film.webp", save_all=True, append_images=frames[1:], duration=80, lossless=True)
    same("first frame", digest(loaded("film.webp")), digest(numpy.full((12, 16, 3), 40, "uint8")))


def changes() -> None:
    filters = {
        "nearest": Image.Resampling.NEAREST, "box": Image.Resampling.BOX, "bilinear": Image.Resampling.BILINEAR,
        "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS,
    }
    forms = {"L": noise[:, :, 0], "RGB": noise[:, :, :3], "F": draw.normal(size=(37, 53)).astype("float32"), "I16": noise16}
    # Of noise that is opaque enough: Pillow rounds colours that were weighed by their alpha to 8 bits.
    forms["RGBA"] = numpy.concatenate([noise[:, :, :3], numpy.maximum(noise[:, :, 3:], 200)], axis=2)
    for mode, pixels in forms.items():
        numpy.save(work / f"{mode}.npy", pixels)
        for name, filter in filters.items():
            for width, height in ((10, 7), (53, 80), (97, 20), (1, 1), (160, 120)):
                theirs = numpy.asarray(Image.fromarray(pixels).resize((width, height), filter)).astype(float)
                crate(f'write(resize(read("{mode}.npy"), {width}, {height}, filter: "{name}").pixels, "r.npy")')
                ours = numpy.load(work / "r.npy")
                same(f"type of {mode} resized", ours.dtype, pixels.dtype)
                most = {"F": 1e-5, "RGBA": 3}.get(mode, 1)
                error = abs(ours.astype(float) - theirs).max()
                if error > most:
                    sys.exit(f"pictures: {mode} resized to {width} × {height} by {name} differs by {error}")
    numpy.save(work / "c.npy", noise[:, :, :3])
    crate('write(grey(read("c.npy")).pixels, "g.npy"); write(rotate(read("c.npy"), 90).pixels, "r.npy")')
    same("grey", digest(numpy.load(work / "g.npy")), digest(numpy.asarray(Image.fromarray(noise[:, :, :3]).convert("L"))))
    same("rotate", digest(numpy.load(work / "r.npy")), digest(numpy.rot90(noise[:, :, :3])))
    for size in ((30, 30), (20, 90), (200, 200), (50, 7), (1, 1)):
        theirs = Image.fromarray(noise[:, :, :3])
        theirs.thumbnail(size, reducing_gap=None)
        same(f"thumbnail {size}", crate(f'print thumbnail(read("c.npy"), {list(size)}).shape'), [str([theirs.height, theirs.width, 3])])
    # Inks: the same light, whose JPEG may differ by a step or two.
    Image.fromarray(noise).convert("CMYK").save(work / "inks.jpg", quality=95)
    theirs = numpy.asarray(Image.open(work / "inks.jpg").convert("RGB")).astype(int)
    crate('write(rgb(read("inks.jpg")).pixels, "inks.npy")')
    same("inks within 3", bool(abs(numpy.load(work / "inks.npy").astype(int) - theirs).max() <= 3), True)
    # The orientation, told and applied.
    turned = Image.fromarray(noise[:, :, :3])
    exif = turned.getexif()
    for orientation in range(1, 9):
        exif[0x0112] = orientation
        turned.save(work / "turned.jpg", exif=exif)
        turned.save(work / "turned.png", exif=exif)
        lines = crate('print read("turned.jpg").shape, read("turned.jpg", orient: true).shape; print digest(read("turned.png", orient: true).pixels)')
        upright = ImageOps.exif_transpose(Image.open(work / "turned.png"))
        same(f"orientation {orientation}", lines, [f"[37, 53, 3] {[upright.height, upright.width, 3]}", digest(numpy.asarray(upright))])
        crate('write(read("turned.jpg"), "kept.jpg"); write(read("turned.jpg"), "kept.tiff")')
        same(f"orientation {orientation} kept", Image.open(work / "kept.jpg").getexif()[0x0112], orientation)


def animations() -> None:
    # Frames that Pillow writes with its own cuts, palettes and disposals, drawn by both.
    y, x = numpy.mgrid[0:20, 0:30]
    film = []
    for step in range(6):
        frame = numpy.zeros((20, 30, 4), "uint8")
        frame[(x - 4 * step) ** 2 + (y - 10) ** 2 < 30] = (200, 10 * step, 50, 255)
        film.append(Image.fromarray(frame))
    for disposal in (0, 1, 2, 3):
        film[0].save(work / "d.gif", save_all=True, append_images=film[1:], duration=[20, 30, 40, 50, 60, 70], loop=2, disposal=disposal)
        theirs = [frame.convert("RGBA") for frame in ImageSequence.Iterator(Image.open(work / "d.gif"))]
        lines = crate('let g = read("d.gif"); print g.delays, g.loop; gif_to_dir(g, "frames")')
        same(f"disposal {disposal}", lines[0], "[20, 30, 40, 50, 60, 70] 2")
        for number, frame in enumerate(theirs):
            ours = numpy.asarray(Image.open(work / f"frames/frame{number + 1}.png").convert("RGBA"))
            visible = numpy.asarray(frame)[:, :, 3] > 0
            same(f"frame {number} of disposal {disposal}", (digest(ours[:, :, 3]), digest(ours[visible])),
                 (digest(numpy.asarray(frame)[:, :, 3]), digest(numpy.asarray(frame)[visible])))
        crate('write(read("d.gif"), "e.gif")')
        again = [numpy.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(Image.open(work / "e.gif"))]
        for number, (ours, frame) in enumerate(zip(again, theirs)):
            visible = numpy.asarray(frame)[:, :, 3] > 0
            same(f"frame {number} of disposal {disposal} written", (len(again), digest(ours[visible])), (len(theirs), digest(numpy.asarray(frame)[visible])))


tiff()
webp()
changes()
animations()
print("pictures: BMP, PNM, TIFF, WebP and GIF, and what changes pictures, agree with Pillow")

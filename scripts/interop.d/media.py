"""Pictures and sound against Pillow and soundfile: they read what crate writes, and crate what they write, sample for sample.

usage: media.py CRATE WORK_FOLDER
"""

import hashlib
import pathlib
import subprocess
import sys

try:
    import numpy
    import soundfile
    from PIL import Image
except ImportError as error:
    print(f"media: skipped: {error}")
    sys.exit(0)

binary, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()


def crate(script: str) -> str:
    """Runs `script` in the work folder and gives what it printed."""
    done = subprocess.run([binary, "-c", script], cwd=work, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"media: crate failed on {script!r}:\n{done.stderr}")
    return done.stdout.strip()


def same(what: str, got, want) -> None:
    if got != want:
        sys.exit(f"media: {what}: got {got!r}, wanted {want!r}")


def digest(array: numpy.ndarray) -> str:
    return hashlib.sha256(numpy.ascontiguousarray(array).tobytes()).hexdigest()


def facts(array: numpy.ndarray) -> str:
    """What `crate` prints for an array by the script of `read_back`."""
    return f"{list(array.shape)} {array.dtype} {digest(array)}"


def read_back(name: str, member: str) -> str:
    return crate(f'let a = read("{name}").{member}; print a.shape, a.dtype, digest(a)')


draw = numpy.random.default_rng(5)


def pictures() -> None:
    # crate writes, Pillow reads.
    crate("""
let n = reshape(uint8(arange(12 * 17 * 3) % 251), [12, 17, 3])
write(n, "rgb.png")
write(n[:, :, 0], "grey.png")
write(reshape(uint8(arange(12 * 17 * 4) % 253), [12, 17, 4]), "rgba.png")
write(reshape(uint8(arange(12 * 17 * 2) % 249), [12, 17, 2]), "grey_alpha.png")
write(reshape(uint16(arange(12 * 17) * 321), [12, 17]), "grey16.png", renormalize: false)
write(linspace(-1, 1, 11) * ones([3, 11]), "stretched.png")
write(plot([1, 4, 9], title: "Squares", size: [320, 200]), "plot.png")
""")
    n = (numpy.arange(12 * 17 * 3) % 251).astype("uint8").reshape(12, 17, 3)
    x = numpy.linspace(-1, 1, 11) * numpy.ones((3, 11))
    wanted = {
        "rgb.png": ("RGB", n), "grey.png": ("L", n[:, :, 0]),
        "rgba.png": ("RGBA", (numpy.arange(12 * 17 * 4) % 253).astype("uint8").reshape(12, 17, 4)),
        "grey_alpha.png": ("LA", (numpy.arange(12 * 17 * 2) % 249).astype("uint8").reshape(12, 17, 2)),
        "grey16.png": ("I;16", (numpy.arange(12 * 17) * 321).astype("uint16").reshape(12, 17)),
        "stretched.png": ("L", ((x - x.min()) / (x.max() - x.min()) * 255).astype("uint8")),
    }
    for name, (mode, array) in wanted.items():
        with Image.open(work / name) as image:
            same(f"mode of {name}", image.mode, mode)
            same(name, facts(numpy.asarray(image)), facts(array))
    with Image.open(work / "plot.png") as image:
        same("plot", (image.mode, image.size), ("RGB", (320, 200)))

    # Pillow writes, crate reads.
    noise = draw.integers(0, 256, (33, 47, 3), dtype="uint8")
    for name, image in {
        "p_rgb.png": Image.fromarray(noise), "p_grey.png": Image.fromarray(noise[:, :, 0]),
        "p_16.png": Image.fromarray(draw.integers(0, 65536, (9, 7), dtype="uint16")),
    }.items():
        image.save(work / name)
        same(name, read_back(name, "pixels"), facts(numpy.asarray(image)))
    Image.fromarray(noise).quantize(50).save(work / "p_palette.png")
    same("palette", read_back("p_palette.png", "pixels"), facts(numpy.asarray(Image.open(work / "p_palette.png").convert("RGB"))))
    Image.fromarray(noise[:, :, 0] > 127).save(work / "p_bilevel.png")
    same("bilevel", read_back("p_bilevel.png", "pixels"), facts(((noise[:, :, 0] > 127) * 255).astype("uint8")))
    smooth = numpy.add.outer(numpy.arange(64), numpy.arange(80)).astype("uint8")
    for name, image, options in [
        ("p.jpg", Image.fromarray(noise), {}), ("p_progressive.jpg", Image.fromarray(noise), {"progressive": True, "subsampling": 0}),
        ("p_grey.jpg", Image.fromarray(smooth), {"quality": 95}), ("p_cmyk.jpg", Image.fromarray(noise).convert("CMYK"), {}),
    ]:
        image.save(work / name, **options)
        # Wheels of Pillow bring a libjpeg-turbo of their own, which may round differently by one or two.
        theirs = numpy.asarray(Image.open(work / name)).astype(int)
        crate(f'let a = read("{name}").pixels; write(a, "a.npy", kind: "checkpoint")')
        ours = numpy.load(work / "a.npy").astype(int)
        same(f"shape of {name}", ours.shape, theirs.shape)
        same(f"{name} within 2", bool(abs(ours - theirs).max() <= 2), True)

    # Pillow's default JPEG and ours are the same recipe.
    crate('write(read("p_rgb.png"), "c.jpg"); write(read("p_rgb.png"), "c90.jpg", quality: 90, progressive: true)')
    with Image.open(work / "c.jpg") as ours, Image.open(work / "p.jpg") as theirs:
        same("quantisation", ours.quantization, theirs.quantization)
        same("layers", ours.layer, theirs.layer)
    with Image.open(work / "c90.jpg") as ours:
        same("progressive", bool(ours.info.get("progressive")), True)


def sound() -> None:
    crate("""
let t = linspace(0, 1, 8000, endpoint: false)
let y = 0.3 * sin(2 * pi * 220 * t)
let stereo = transpose(stack([y, -y / 2]))
write(int16(32767 * y), "i16.wav", sample_rate: 8000)
write(stereo, "f64.wav", sample_rate: 8000)
write(float32(stereo), "f32.wav", sample_rate: 8000)
write(stereo * 4, "clipped.wav", sample_rate: 8000, subtype: "PCM_16")
write(stereo, "pcm24.flac", sample_rate: 8000)
write(stereo, "v.ogg", sample_rate: 8000)
write(stereo, "o.opus", sample_rate: 48000)
write(stereo, "m.mp3", sample_rate: 16000)
write(int16(32767 * y), "a.aiff", sample_rate: 8000)
""")
    t = numpy.linspace(0, 1, 8000, endpoint=False)
    y = 0.3 * numpy.sin(2 * numpy.pi * 220 * t)
    stereo = numpy.stack([y, -y / 2], axis=1)
    integers = (32767 * y).astype("int16")
    for name in ("i16.wav", "a.aiff"):
        data, rate = soundfile.read(work / name, dtype="int16")
        # The sine may differ in its last bit between mathematics libraries.
        same(name, (rate, bool(abs(data.astype(int) - integers).max() <= 1)), (8000, True))
    for name, subtype, tolerance in [
        ("f64.wav", "DOUBLE", 1e-15), ("f32.wav", "FLOAT", 1e-7), ("pcm24.flac", "PCM_24", 2**-22), ("v.ogg", "VORBIS", 0.05),
        ("m.mp3", "MPEG_LAYER_III", 0.05),
    ]:
        data, _ = soundfile.read(work / name)
        same(f"subtype of {name}", soundfile.info(work / name).subtype, subtype)
        same(f"shape of {name}", data.shape, stereo.shape)
        same(f"{name} within {tolerance}", bool(abs(data - stereo).max() <= tolerance), True)
    same("opus", soundfile.info(work / "o.opus").subtype, "OPUS")

    # The same floats, written by soundfile and by crate, give the same 16-bit samples, clipped ones too.
    soundfile.write(work / "theirs.wav", soundfile.read(work / "f64.wav")[0] * 4, 8000, subtype="PCM_16")
    theirs, ours = (soundfile.read(work / name, dtype="int16")[0] for name in ("theirs.wav", "clipped.wav"))
    same("16-bit conversion", digest(ours), digest(theirs))

    # soundfile writes, crate reads.
    for name, subtype, dtype in [
        ("s16.wav", "PCM_16", "int16"), ("s32.wav", "PCM_32", "int32"), ("s24.wav", "PCM_24", "int32"), ("sf.wav", "FLOAT", "float32"),
        ("sd.wav", "DOUBLE", "float64"), ("su8.wav", "PCM_U8", "int16"), ("s.flac", "PCM_16", "int16"), ("s.au", "PCM_24", "int32"),
        ("s.caf", "ULAW", "int16"),
    ]:
        soundfile.write(work / name, stereo, 8000, subtype=subtype)
        same(name, read_back(name, "data"), facts(soundfile.read(work / name, dtype=dtype)[0]))
        same(f"rate of {name}", crate(f'print read("{name}").sample_rate'), "8000")


pictures()
sound()
print("media: pictures and sound agree with Pillow and soundfile")

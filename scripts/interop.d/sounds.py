"""Every container and coding that soundfile and crate have in common, both ways; parts, tags, rates and mixes.

usage: sounds.py CRATE WORK_FOLDER
"""

import hashlib
import pathlib
import subprocess
import sys

try:
    import numpy
    import soundfile
except ImportError as error:
    print(f"sounds: skipped: {error}")
    sys.exit(0)

binary, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()


def crate(script: str) -> list[str]:
    """Runs `script` in the work folder and gives the lines that it printed."""
    done = subprocess.run([binary, "-c", script], cwd=work, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"sounds: crate failed on {script!r}:\n{done.stderr}")
    return done.stdout.splitlines()


def same(what: str, got, want) -> None:
    if got != want:
        sys.exit(f"sounds: {what}: got {got!r}, wanted {want!r}")


def digest(array: numpy.ndarray) -> str:
    return hashlib.sha256(numpy.ascontiguousarray(array).tobytes()).hexdigest()


draw = numpy.random.default_rng(11)
containers = {
    "wav": "WAV", "flac": "FLAC", "aiff": "AIFF", "au": "AU", "caf": "CAF", "w64": "W64", "rf64": "RF64", "nist": "NIST", "voc": "VOC",
    "svx": "SVX", "paf": "PAF", "ircam": "IRCAM", "pvf": "PVF", "avr": "AVR", "htk": "HTK", "ogg": "OGG", "mp3": "MP3",
}
dtypes = {"FLOAT": "float32", "DOUBLE": "float64", "PCM_24": "int32", "PCM_32": "int32", "ALAC_20": "int32", "ALAC_24": "int32", "ALAC_32": "int32"}
bits = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "ALAC_16": 16, "ALAC_20": 20, "ALAC_24": 24, "ALAC_32": 32}
checked = 0


def noise(subtype: str, channels: int) -> numpy.ndarray:
    """Samples that the subtype keeps exactly."""
    shape = (3000, channels) if channels > 1 else (3000,)
    dtype = dtypes.get(subtype, "int16")
    if dtype.startswith("float"):
        return draw.uniform(-1, 1, shape).astype(dtype)
    width = 32 if dtype == "int32" else 16
    kept = bits.get(subtype, 16)
    return (draw.integers(-(2 ** (kept - 1)), 2 ** (kept - 1), shape) << (width - kept)).astype(dtype)


for extension, container in containers.items():
    for subtype in soundfile.available_subtypes(container):
        for channels in (1, 2):
            # libsndfile damages what it writes as the longer ones of ALAC; crate refuses to.
            if subtype in ("ALAC_20", "ALAC_24", "ALAC_32") or not soundfile.check_format(container, subtype):
                continue
            # Here libsndfile counts the file's end mark as a frame.
            if container == "VOC" and subtype in ("ULAW", "ALAW"):
                continue
            samples, name = noise(subtype, channels), f"{extension}_{subtype}_{channels}.{extension}"
            try:
                soundfile.write(work / name, samples, 16000, subtype=subtype, format=container)
                theirs = soundfile.read(work / name, dtype=str(samples.dtype))[0]
            except (soundfile.LibsndfileError, ValueError, TypeError):
                # A few forms soundfile can't read to the end itself.
                continue
            # These decode to floats.
            if subtype in ("VORBIS", "OPUS") or subtype.startswith("MPEG"):
                theirs = soundfile.read(work / name, dtype="float32")[0]
                got = crate(f'let s = read("{name}"); print s.data.dtype, s.data.shape, s.subtype, s.sample_rate')
                same(name, got, [f"float32 {list(theirs.shape)} {subtype} 16000"])
                continue
            lines = crate(f'let s = read("{name}"); print digest(s.data), s.data.dtype, s.subtype; write(s, "back_{name}")')
            same(f"{name} read", lines, [f"{digest(theirs)} {samples.dtype} {subtype}"])
            # Written again without a word: the samples are the same, whatever the coding.
            same(f"{name} written again", digest(soundfile.read(work / f"back_{name}", dtype=str(samples.dtype))[0]), digest(theirs))
            # As the same subtype.
            crate(f'write(read("{name}"), "same_{name}", subtype: "{subtype}")')
            same(f"subtype of {name}", soundfile.info(work / f"same_{name}").subtype, subtype)
            if subtype in bits or subtype in ("FLOAT", "DOUBLE"):
                same(f"{name} as {subtype}", digest(soundfile.read(work / f"same_{name}", dtype=str(samples.dtype))[0]), digest(samples))
            checked += 1

# Parts.
samples = noise("PCM_16", 2)
for name in ("part.wav", "part.flac"):
    soundfile.write(work / name, samples, 1000, subtype="PCM_16")
    same(f"{name} from 0.5 s", crate(f'print digest(read("{name}", start: 0.5, duration: 0.25).data), digest(read("{name}", start: 2.9).data)'),
         [f"{digest(samples[500:750])} {digest(samples[2900:])}"])
soundfile.write(work / "part.ogg", draw.uniform(-0.5, 0.5, 48000), 48000)
# Other builds of the decoder differ in the last bits.
whole = soundfile.read(work / "part.ogg", dtype="float32")[0]
crate('write(read("part.ogg", start: 0.25, duration: 0.5).data, "part.npy")')
same("part of an ogg", bool(abs(numpy.load(work / "part.npy") - whole[12000:36000]).max() < 1e-5), True)

# Tags.
with soundfile.SoundFile(work / "tags.flac", "w", 8000, 1) as file:
    file.title, file.artist, file.comment = "Straße", "B", "c"
    file.write(numpy.zeros(100))
crate('write(read("tags.flac"), "tags2.flac"); write(read("tags.flac"), "tags.ogg"); write(read("tags.flac"), "tags.wav")')
for name in ("tags2.flac", "tags.ogg", "tags.wav"):
    with soundfile.SoundFile(work / name) as file:
        same(f"tags of {name}", (file.title, file.artist, file.comment), ("Straße", "B", "c"))
same("tags read", crate('print read("tags.wav").tags.title'), ["Straße"])

# FLAC's effort, and qualities.
soundfile.write(work / "tone.wav", 0.4 * numpy.sin(numpy.arange(48000) / 20), 48000)
crate('let t = read("tone.wav"); write(t, "l0.flac", compression: 0); write(t, "l8.flac", compression: 8)')
same("FLAC's effort", (work / "l8.flac").stat().st_size < (work / "l0.flac").stat().st_size, True)
same("FLAC's samples", digest(soundfile.read(work / "l8.flac")[0]), digest(soundfile.read(work / "tone.wav")[0]))
for extension in ("ogg", "mp3", "opus"):
    crate(f'let t = read("tone.wav"); write(t, "q1.{extension}", quality: 0.1); write(t, "q9.{extension}", quality: 0.9)')
    same(f"quality of {extension}", (work / f"q1.{extension}").stat().st_size < (work / f"q9.{extension}").stat().st_size, True)

# Rates: a tone stays that tone.
def tone(rate: int) -> numpy.ndarray:
    time = numpy.arange(rate) / rate
    return 0.5 * numpy.stack([numpy.sin(2 * numpy.pi * 440 * time), numpy.cos(2 * numpy.pi * 1000 * time)], axis=1)


for dtype, full, most in (("float64", 1, 1e-5), ("float32", 1, 1e-5), ("int32", 2**31, 2**31 * 1e-5), ("int16", 2**15, 2)):
    for rate, target in ((44100, 48000), (48000, 16000), (16000, 44100)):
        numpy.save(work / "t.npy", (tone(rate) * full).astype(dtype))
        crate(f'write(resample(sound(read("t.npy"), {rate}), {target}).data, "r.npy")')
        ours, want = numpy.load(work / "r.npy"), tone(target) * full
        same(f"{dtype} from {rate} to {target}", (ours.dtype, ours.shape), (numpy.dtype(dtype), want.shape))
        # Away from the ends, where silence before and after is mixed in.
        middle = slice(target // 20, -target // 20)
        error = abs(ours[middle].astype(float) - want[middle]).max()
        if error > most:
            sys.exit(f"sounds: {dtype} from {rate} to {target} differs by {error}")
        try:
            import soxr
        except ImportError:
            continue
        theirs = soxr.resample(numpy.load(work / "t.npy"), rate, target)
        error = abs(theirs.astype(float) - ours[: len(theirs)].astype(float)).max()
        if error > max(most, 2):
            sys.exit(f"sounds: {dtype} from {rate} to {target} differs from python-soxr by {error}")
crate('write(mono(sound(read("t.npy"), 8000)).data, "m.npy")')
t = numpy.load(work / "t.npy").astype(float)
same("mono", bool(abs(numpy.load(work / "m.npy") - t.mean(axis=1)).max() <= 0.5), True)

print(f"sounds: {checked} forms, parts, tags, qualities and rates agree with soundfile")

"""Videos against OpenCV: it reads what crate writes, and crate what it writes, frame by frame.

usage: video.py CRATE WORK_FOLDER
"""

import pathlib
import shutil
import subprocess
import sys

try:
    import cv2
    import numpy
except ImportError as error:
    print(f"video: skipped: {error}")
    sys.exit(0)
if not shutil.which("ffmpeg"):
    sys.exit("video: ffmpeg is not installed: apt-get install ffmpeg")

binary, work = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
width, height, count = 64, 48, 12


def crate(script: str) -> str:
    """Runs `script` in the work folder and gives what it printed."""
    done = subprocess.run([binary, "-c", script], cwd=work, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"video: crate failed on {script!r}:\n{done.stderr}")
    return done.stdout.strip()


def same(what: str, got, want) -> None:
    if got != want:
        sys.exit(f"video: {what}: got {got!r}, wanted {want!r}")


def near(what: str, got: numpy.ndarray, want: numpy.ndarray, most: float) -> None:
    """Frames of the same shape, whose mean difference is small."""
    same(f"shape of {what}", got.shape, want.shape)
    distance = float(abs(got.astype(float) - want).mean())
    if distance > most:
        sys.exit(f"video: {what} is {distance} off in the mean, more than {most}")


def film() -> numpy.ndarray:
    """Slow changes, which lossy codings keep."""
    frames = numpy.zeros((count, height, width, 3), numpy.uint8)
    for i, frame in enumerate(frames):
        frame[..., 0] = 250 - 18 * i
        frame[..., 1] = 100 + numpy.arange(width) // 2
        frame[..., 2] = 18 * i
        frame[10:20, 4 * i : 4 * i + 10] = 255
    return frames


def by_opencv(path: pathlib.Path) -> tuple[numpy.ndarray, float]:
    """All frames as RGB, and the rate."""
    video = cv2.VideoCapture(str(path))
    frames = []
    while True:
        there, frame = video.read()
        if not there:
            break
        frames.append(frame[..., ::-1])
    rate = video.get(cv2.CAP_PROP_FPS)
    same(f"OpenCV's frame count of {path.name}", int(video.get(cv2.CAP_PROP_FRAME_COUNT)), len(frames))
    video.release()
    return numpy.array(frames), rate


def by_crate(name: str) -> numpy.ndarray:
    crate(f'write(stack([f.pixels for f in read("{name}")]), "back.npy")')
    return numpy.load(work / "back.npy")


frames = film()
numpy.save(work / "film.npy", frames)

# crate writes, OpenCV reads: the frames that went in, and those that crate reads itself.
for name, options, most in [
    ("a.mp4", "", 6), ("h264.mp4", ', codec: "h264"', 6), ("a.avi", "", 6), ("mjpeg.avi", ', codec: "mjpeg"', 6), ("a.webm", "", 6),
    ("vp8.webm", ', codec: "vp8"', 6), ("a.mkv", "", 6), ("a.mov", "", 6), ("exact.avi", ', codec: "ffv1"', 0), ("exact.mkv", ', codec: "ffv1"', 0),
]:
    crate(f'write(read("film.npy"), "{name}", fps: 12.5{options})')
    theirs, rate = by_opencv(work / name)
    same(f"rate of {name}", rate, 12.5)
    near(f"{name} by OpenCV", theirs, frames, most)
    near(f"{name} by both", by_crate(name), theirs, 1.5 if name == "mjpeg.avi" else 1)

# OpenCV writes, crate reads.
for name, tag in [("o.mp4", "mp4v"), ("o.avi", "XVID"), ("d.avi", "DIVX"), ("j.avi", "MJPG"), ("o.webm", "VP90"), ("8.webm", "VP80"), ("f.avi", "FFV1")]:
    writer = cv2.VideoWriter(str(work / name), cv2.VideoWriter_fourcc(*tag), 24, (width, height))
    same(f"OpenCV can write {tag}", writer.isOpened(), True)
    for frame in frames:
        writer.write(numpy.ascontiguousarray(frame[..., ::-1]))
    writer.release()
    theirs, rate = by_opencv(work / name)
    facts = crate(f'let v = read("{name}"); print v.fps, v.frame_count, v.width, v.height')
    same(f"facts of {name}", facts, f"{rate} {len(theirs)} {width} {height}")
    near(f"{name} by both", by_crate(name), theirs, 1.5 if tag == "MJPG" else 0.5)

# What OpenCV drops without a word is refused: a frame of another size.
done = subprocess.run(
    [binary, "-c", 'write([zeros([4, 6], dtype: "uint8"), zeros([4, 8], dtype: "uint8")], "bad.mp4")'], cwd=work, capture_output=True, text=True)
same("an uneven frame is refused by number", "frame 1 is 8 × 4" in done.stderr and not (work / "bad.mp4").exists(), True)

print("video: frames and facts agree with OpenCV")

"""A tree that the Python library OpenCrate wrote opens in crate, and the other way round: versions, artifacts, backups, logs, tree."""

import json
import os
import pathlib
import re
import subprocess
import sys

binary, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])

try:
    import numpy
    import opencrate  # noqa: F401
    import pandas
    import soundfile
except ImportError as error:
    print(f"trees: skipped: {error}")
    sys.exit(0)

os.chdir(work)
pathlib.Path(".opencrate").mkdir(exist_ok=True)
pathlib.Path(".opencrate/config.json").write_text('{"title": "Prüfung", "snapshot_version": {"elsewhere": 3}}')


def crate(script: str) -> subprocess.CompletedProcess:
    """Runs `script` in the work folder."""
    done = subprocess.run([binary, "-c", script], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"trees: crate failed on {script!r}:\n{done.stderr}")
    return done


def python(script: str) -> str:
    """Runs `script` in a Python of its own, since the library keeps its state in the process; gives what it printed."""
    done = subprocess.run([sys.executable, "-c", "import opencrate as oc\n" + script], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"trees: python failed on {script!r}:\n{done.stdout}{done.stderr}")
    return done.stdout


def same(what: str, got, want) -> None:
    if got != want:
        sys.exit(f"trees: {what}: got {got!r}, wanted {want!r}")


def plain(text: str) -> str:
    """Without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


# Python writes.
python("""
import numpy, pandas
oc.snapshot.setup(name="guide", start="new", tag="a b")
oc.info("from python", 1)
oc.snapshot.text("t.txt").save("Zeile 1\\nZeile 2 ✓")
oc.snapshot.json("d.json").save({"b": [1, 2.5, None, True], "a": "é"})
oc.snapshot.yaml("c.yaml").save({"b": {"on": True}, "a": "yes"})
table = oc.snapshot.csv("s.csv")
table.save(pandas.DataFrame({"x": [1, 2], "y": [0.5, None], "z": ["a,b", "c"]}), index=False)
oc.snapshot.image("i.png").save(numpy.arange(60, dtype=numpy.uint8).reshape(4, 5, 3))
oc.snapshot.audio("w.wav").save(numpy.arange(-50, 50, dtype=numpy.int16), sample_rate=8000)
table.backup(tag="first")
table.backup()
""")

# crate reads, resumes and adds.
done = crate("""
setup "guide", start: "last", tag: "a b"
info "from crate"
print to_json([load(text("t.txt")), load(json("d.json")), load(yaml("c.yaml"))])
let s = load(csv("s.csv"))
print to_json([s.x[1], s.z[0], len(s)])
let i = load(image("i.png"))
print to_json([i.shape, digest(i.pixels)])
let w = load(audio("w.wav"))
print to_json([w.sample_rate, w.data[0] < 0, w.frames])
print len(list_backups(csv("s.csv"))), list_tags()[0]
let d = json("d.json", verbose: true)
save d, {"from": "crate", "n": 2}
backup d, tag: "two"
save text("new.txt"), "by crate"
save csv("new.csv"), {col_a: [100, 200], col_b: [0.25, 1.0]}
save image("new.png"), array([[0.0, 1.0], [2.0, 4.0]])
save audio("new.wav"), int16([1, 2, 3]), sample_rate: 16000
""")
lines = done.stdout.splitlines()
same("texts and data", json.loads(lines[0]), ["Zeile 1\nZeile 2 ✓", {"b": [1, 2.5, None, True], "a": "é"}, {"a": "yes", "b": {"on": True}}])
same("table", json.loads(lines[1]), [2, "a,b", 2])
import hashlib  # noqa: E402
same("image", json.loads(lines[2]), [[4, 5, 3], hashlib.sha256(bytes(range(60))).hexdigest()])
same("audio", json.loads(lines[3]), [8000, True, 100])
same("backups and tags", lines[4], "2 a b")

version = pathlib.Path("snapshots/guide/v0:a b")
run, history = (version / "guide.log").read_text(), (version / "guide.history.log").read_text()
same("this run's log", [line[20:] for line in run.splitlines()][0], "- INFO     from crate")
same("the history", [line[20:] for line in history.splitlines()][:2], ["- INFO     from python 1", "- INFO     from crate"])
console = [line for line in done.stderr.splitlines() if line]
same("console", console[0], "INFO      from crate")
same("verbose", console[1], "INFO      ✓ 'd.json' of 'json' saved successfully at 'snapshots/guide/v0:a b/jsons/d.json'.")
config = json.loads(pathlib.Path(".opencrate/config.json").read_text())
same("counters", config, {"title": "Prüfung", "snapshot_version": {"elsewhere": 3, "guide": 0}})

# Python reads what crate has written, and resumes.
answer = python("""
import json
oc.snapshot.setup(name="guide", start="last", tag="a b")
oc.info("python again")
image = oc.snapshot.image("new.png").load(lib="cv2")
sound = oc.snapshot.audio("new.wav").load(lib="soundfile", dtype="int16")
print(json.dumps([
    oc.snapshot.json("d.json").load(), oc.snapshot.json("d.backup_two.json").load(), oc.snapshot.text("new.txt").load(),
    oc.snapshot.csv("new.csv").load().to_dict("list"), image[:, :, 0].tolist(), sound["data"].tolist(), sound["sample_rate"],
    sorted(oc.snapshot.json("d.json").list_backups()),
]))
""").splitlines()[-1]
wanted = {"from": "crate", "n": 2}
same(
    "read by python", json.loads(answer),
    [wanted, wanted, "by crate", {"col_a": [100, 200], "col_b": [0.25, 1.0]}, [[0, 63], [127, 255]], [1, 2, 3], 16000, ["d.backup_two.json"]])
same("history by both", len((version / "guide.history.log").read_text().splitlines()), len(history.splitlines()) + 1)

# Numbers go on, whoever counts.
crate('setup "guide", start: "new"; info "v1"')
python('oc.snapshot.setup(name="guide", start="new", tag="c")')
crate('setup "guide", start: "new", tag: "a"; assert snapshot.version == 3, "three"')
python('oc.snapshot.setup(name="guide", start="last", tag="a"); assert oc.snapshot.version == 3')

# The tree is drawn alike, but for the wrapping of long lines.
wide = {**os.environ, "COLUMNS": "200"}
drawn = subprocess.run(
    [sys.executable, "-c", "import opencrate as oc; oc.io.show_files_in_dir('snapshots', depth=4)"], capture_output=True, text=True, env=wide).stdout
same("tree", crate('show_files "snapshots", depth: 4').stdout.splitlines(), [line.rstrip() for line in plain(drawn).splitlines()])
detailed = subprocess.run(
    [sys.executable, "-c", "import opencrate as oc; oc.io.show_files_in_dir('snapshots', depth=4, verbose=True)"],
    capture_output=True, text=True, env=wide).stdout
same("verbose tree", crate('show_files "snapshots", depth: 4, verbose: true').stdout.splitlines(), [line.rstrip() for line in plain(detailed).splitlines()])

# Both refuse the same.
for start in ('"last"', "1"):
    failed = subprocess.run([binary, "-c", f'setup "nothing", start: {start}'], capture_output=True, text=True)
    same(f"start {start} of nothing", failed.returncode, 1)
print("trees: trees of crate and of OpenCrate for Python go both ways")

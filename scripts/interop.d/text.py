"""Text kinds against Python's own libraries: json, PyYAML, pandas and csv read what crate writes, and crate what they write."""

import csv
import json
import math
import pathlib
import subprocess
import sys

import pandas
import yaml

binary, work = sys.argv[1], pathlib.Path(sys.argv[2])

DATA = {
    "text": "hé✓😀 \"quoted\" \\ back\nline\ttab", "empty": "", "int": -7, "big": 123456789012345678901234567890,
    "float": 0.1, "whole": 2.0, "tiny": 5e-324, "huge": 1.7976931348623157e308, "none": None, "yes": True, "no": False,
    "list": [1, [2, [3, []]], {"a": {}}], "looks": ["yes", "no", "1", "1.0", "null", "~", "2024-01-01", "0x10", "1e3", " spaced ", "#", "a: b", "- x"],
    "multi": "line 1\nline 2\n", "": "empty key",
}


def crate(script: str) -> str:
    """Runs `script` in the work folder and gives what it printed."""
    done = subprocess.run([binary, "-c", script], cwd=work, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"text: crate failed on {script!r}:\n{done.stderr}")
    return done.stdout


def same(what: str, got, want) -> None:
    if got != want or type(got) is not type(want):
        sys.exit(f"text: {what}: got {got!r}, wanted {want!r}")


# Python writes, crate reads and writes in another form, Python reads.
(work / "a.json").write_text(json.dumps(DATA))
(work / "a.yaml").write_text(yaml.safe_dump(DATA, allow_unicode=True))
for source in ("a.json", "a.yaml"):
    crate(f'let d = read("{source}"); write(d, "b.json"); write(d, "c.json", indent: 2); write(d, "b.yaml"); write(d, "c.yaml", sort_keys: false)')
    for name in ("b.json", "c.json"):
        same(f"{source} as {name}", json.loads((work / name).read_text()), DATA)
    for name in ("b.yaml", "c.yaml"):
        same(f"{source} as {name}", yaml.safe_load((work / name).read_text()), DATA)
same("key order of JSON", list(json.loads((work / "b.json").read_text())), list(yaml.safe_load((work / "a.yaml").read_text())))

(work / "nan.json").write_text(json.dumps({"a": float("nan"), "b": float("-inf")}))
crate('write(read("nan.json"), "nan2.json")')
back = json.loads((work / "nan2.json").read_text())
same("NaN", math.isnan(back["a"]) and back["b"] == -math.inf, True)

# Tables.
frame = pandas.DataFrame({"i": [1, 2, 3], "f": [0.5, -1e300, 3.0], "s": ["a,b", 'say "x"', "two\nlines"], "b": [True, False, True]})
frame.to_csv(work / "t.csv", index=False)
crate('write(read("t.csv"), "u.csv")')
pandas.testing.assert_frame_equal(pandas.read_csv(work / "u.csv"), frame)
same("column types", crate('let t = read("t.csv"); print t.i.dtype, t.f.dtype, t.b.dtype, type(t.s)').split(), ["int64", "float64", "bool", "list"])
with open(work / "rows.csv", "w", newline="") as file:
    csv.writer(file).writerows([["id", "note"], ["1", "x, y"], ["2", "é✓"], ["3", ""]])
same("rows", crate('let t = read("rows.csv"); print t[1].note, len(t), t[2].note'), "é✓ 3 null\n")

print("interop: text: JSON, YAML and CSV agree both ways")

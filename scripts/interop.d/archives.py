"""Archives go both ways between crate and Python's zipfile and tarfile, and a folder's digest is the documented one."""

import hashlib
import io
import os
import pathlib
import random
import subprocess
import sys
import tarfile
import zipfile

binary, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
os.chdir(work)

NAMES = [
    "a.txt", "with space.txt", "ümläut/é.txt", "漢字/🙂.bin", "-rf", "quote'\".txt", "d" * 99 + "/" + "f" * 150, "deep/" * 60 + "x", "e\u0301.txt",
    "l" * 255, "empty file", "sub/exactly512", "sub/one more",
]


def crate(script: str) -> str:
    """Runs `script` in the work folder; gives what it printed."""
    done = subprocess.run([binary, "-c", script], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"archives: crate failed on {script!r}:\n{done.stderr}")
    return done.stdout.strip()


def same(what: str, got, want) -> None:
    if got != want:
        sys.exit(f"archives: {what}: got {str(got)[:500]}, wanted {str(want)[:500]}")


def tree_digest(root: str) -> str:
    """The recipe of docs/disk-format.md."""
    tree = hashlib.sha256()
    paths = [os.path.join(folder, name) for folder, folders, files in os.walk(root) for name in folders + files]
    for path in sorted(paths, key=os.fsencode):
        if os.path.islink(path): kind, content = "l", os.fsencode(os.readlink(path))
        elif os.path.isdir(path): kind, content = "d", b""
        else: kind, content = "x" if os.stat(path).st_mode & 0o100 else "f", open(path, "rb").read()
        record = f"{kind} {len(content)} {hashlib.sha256(content).hexdigest()} {os.path.relpath(path, root)}"
        tree.update(os.fsencode(record) + b"\0")
    return tree.hexdigest()


def contents(root: str) -> dict:
    return {str(path.relative_to(root)): path.read_bytes() for path in pathlib.Path(root).rglob("*") if path.is_file() and not path.is_symlink()}


random.seed(7)
for number, name in enumerate(NAMES):
    path = pathlib.Path("tree") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    size = {"empty file": 0, "sub/exactly512": 512, "sub/one more": 513}.get(name, 100 * number)
    path.write_bytes(random.randbytes(size))
pathlib.Path("tree/nothing").mkdir()
pathlib.Path("tree/run").write_text("#!/bin/sh\n")
os.chmod("tree/run", 0o755)
os.symlink("../a.txt", "tree/sub/link")
wanted = contents("tree")

same("digest", crate('print digest(path: "tree")'), tree_digest("tree"))

# crate writes, Python reads.
for name in ("a.zip", "a.tar", "a.tar.gz", "a.tgz"):
    crate(f'make_archive("{name}", folder: "tree", mtime: 1700000000)')
with zipfile.ZipFile("a.zip") as archive:
    same("zip test", archive.testzip(), None)
    found = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir() and info.external_attr >> 28 != 0o12}
    same("zip", found, wanted)
    same("zip folder", archive.getinfo("nothing/").is_dir(), True)
    same("zip mode", oct(archive.getinfo("run").external_attr >> 16), "0o100755")
    same("zip link", archive.read("sub/link"), b"../a.txt")
    same("zip date", archive.getinfo("run").date_time, (2023, 11, 14, 22, 13, 20))
for name in ("a.tar", "a.tar.gz", "a.tgz"):
    with tarfile.open(name) as archive:
        found = {member.name: archive.extractfile(member).read() for member in archive if member.isreg()}
        same(name, found, wanted)
        run, link, folder = archive.getmember("run"), archive.getmember("sub/link"), archive.getmember("nothing")
        same(f"{name} member", (run.mode, run.mtime, run.uid, run.gid, link.linkname, folder.isdir()), (0o755, 1700000000, 0, 0, "../a.txt", True))
        archive.extractall(f"py-{name}", filter="data")
    same(f"{name} digest", tree_digest(f"py-{name}"), tree_digest("tree"))
    same(f"{name} again", crate(f'make_archive("b-{name}", folder: "tree", mtime: 1700000000); print digest(path: "b-{name}")'),
         hashlib.sha256(pathlib.Path(name).read_bytes()).hexdigest())

# Python writes, crate reads.
with zipfile.ZipFile("py.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in wanted.items():
        archive.writestr(name, content)
with open("py-stream.zip", "wb") as file:
    class Unseekable(io.RawIOBase):
        """Makes zipfile write sizes behind the data."""
        def writable(self): return True
        def write(self, data): return file.write(data)
    with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in wanted.items():
            archive.writestr(name, content)
for name, form in (("py-ustar.tar", tarfile.USTAR_FORMAT), ("py-gnu.tar", tarfile.GNU_FORMAT), ("py-pax.tar", tarfile.PAX_FORMAT), ("py-pax.tar.gz", tarfile.PAX_FORMAT)):
    with tarfile.open(name, "w:gz" if name.endswith("gz") else "w", format=form) as archive:
        for member, content in wanted.items():
            if form == tarfile.USTAR_FORMAT and len(os.fsencode(member)) > 90:
                continue
            info = tarfile.TarInfo(member)
            info.size, info.mtime = len(content), 1700000000.75 if form == tarfile.PAX_FORMAT else 1700000000
            archive.addfile(info, io.BytesIO(content))
for name in ("py.zip", "py-stream.zip", "py-ustar.tar", "py-gnu.tar", "py-pax.tar", "py-pax.tar.gz"):
    crate(f'extract("{name}", "out-{name}")')
    expected = {k: v for k, v in wanted.items() if name != "py-ustar.tar" or len(os.fsencode(k)) <= 90}
    same(name, contents(f"out-{name}"), expected)
with tarfile.open("whole.tar", "w") as archive:
    archive.add("tree", arcname=".")
    hard = tarfile.TarInfo("hard")
    hard.type, hard.linkname = tarfile.LNKTYPE, "./a.txt"
    archive.addfile(hard)
crate('extract("whole.tar", "whole")')
same("hard link", pathlib.Path("whole/hard").read_bytes(), wanted["a.txt"])
os.remove("whole/hard")
same("a tar of a folder", tree_digest("whole"), tree_digest("tree"))

# More members than 16 bits count.
with zipfile.ZipFile("many-py.zip", "w") as archive:
    for number in range(66000):
        archive.writestr(f"m/{number}", b"")
same("many from Python", crate('let a = read("many-py.zip"); print len(a), "m/65999" in a'), "66000 true")
crate('let a = read("many-py.zip"); write(a, "many.zip"); write(a, "many.tgz")')
with zipfile.ZipFile("many.zip") as archive:
    same("many in a zip", len(archive.namelist()), 66000)
with tarfile.open("many.tgz") as archive:
    same("many in a tar", len(archive.getnames()), 66000)

# Files beyond 4 and 8 GiB, with holes so that they cost nothing: sizes in zip64 and pax.
for size, form in ((5 << 30, "large.zip"), (9 << 30, "large.tar")):
    with open("large.bin", "wb") as file:
        file.truncate(size)
        file.seek(size - 3)
        file.write(b"end")
    if form.endswith("zip"):
        crate(f'make_archive("{form}", files: ["large.bin"], compression: 1)')
        with zipfile.ZipFile(form) as archive:
            same("large zip", archive.getinfo("large.bin").file_size, size)
        same("large zip again", crate(f'print read("{form}").size'), str(size))
    elif os.statvfs(".").f_bavail * os.statvfs(".").f_frsize > 3 * size:
        with tarfile.open(form, "w", format=tarfile.PAX_FORMAT) as archive:
            # Only the header is Python's; the data are holes.
            info = tarfile.TarInfo("large.bin")
            info.size = size
            archive.fileobj.write(info.tobuf(tarfile.PAX_FORMAT))
            archive.fileobj.truncate(archive.fileobj.tell() + size)
            archive.fileobj.seek(0, 2)
            archive.offset = archive.fileobj.tell()
        same("large tar", crate(f'let a = read("{form}"); print a.names, a.size'), f'["large.bin"] {size}')
    os.remove("large.bin")
print("archives: zip, tar and tar.gz go both ways, with odd names, many members and large files")

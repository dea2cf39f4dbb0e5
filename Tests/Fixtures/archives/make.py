"""Makes the archives beside it with Python's own modules, each with the same members. They are kept as they once came out."""

import io
import tarfile
import zipfile

MEMBERS = {"a.txt": b"hello\n", "empty": b"", "sub/é.bin": bytes(range(256)) * 3, "n" * 120 + "/deep.txt": b"deep"}


def add(archive: tarfile.TarFile, name: str, content: bytes = b"", **fields) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime = len(content), 1700000000
    for field, value in fields.items():
        setattr(info, field, value)
    archive.addfile(info, io.BytesIO(content))


for name, mode, form in (("gnu.tar", "w", tarfile.GNU_FORMAT), ("pax.tar", "w", tarfile.PAX_FORMAT), ("pax.tgz", "w:gz", tarfile.PAX_FORMAT)):
    with tarfile.open(name, mode, format=form) as archive:
        for member, content in MEMBERS.items():
            add(archive, member, content)
        add(archive, "folder", type=tarfile.DIRTYPE, mode=0o755)
        add(archive, "run", b"#!/bin/sh\n", mode=0o755)
        add(archive, "link", type=tarfile.SYMTYPE, linkname="sub/é.bin")
        add(archive, "hard", type=tarfile.LNKTYPE, linkname="a.txt")
with zipfile.ZipFile("python.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for member, content in MEMBERS.items():
        archive.writestr(zipfile.ZipInfo(member, (2023, 11, 14, 22, 13, 20)), content)
    archive.writestr("folder/", "")

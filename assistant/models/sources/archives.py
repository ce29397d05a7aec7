"""Unpacks archives of code and models: nothing lands outside, and no archive fills the disk."""

from __future__ import annotations

import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from assistant.core.errors import ModelError
from assistant.models.disk import readable_size
from assistant.models.sources.reference import is_inside

MOST_FILES = 20_000
_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, EOFError,
    NotImplementedError, RuntimeError, UnicodeDecodeError,
)  # fmt: skip
"""What a damaged archive raises; RuntimeError is zipfile's word for one with a password."""


def unpack_zip(archive: Path, folder: Path, most: int) -> None:
    """Unpack the files below the one folder at the top of an archive, as GitHub makes them.

    Args:
        most: bytes of all files together, as they come out.

    Raises:
        ModelError: damaged, too large, or with names that lead outside. Links are left out.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [m for m in opened.infolist() if not m.is_dir() and not _is_link(m)]
            _write_all(((_below_top(m.filename), opened.open(m)) for m in members), folder, most)
    except _BROKEN as error:
        raise _damaged(archive, error) from error


def unpack_tar(archive: Path, folder: Path, most: int) -> None:
    """Unpack a tar archive, compressed or not. As `unpack_zip`, but with all of the names."""
    try:
        with _opened(archive) as stream:
            with tarfile.open(fileobj=stream) as opened:
                _write_all(_members(opened), folder, most)
            _read_to_its_end(stream, most)
    except _BROKEN as error:
        raise _damaged(archive, error) from error


def _opened(archive: Path) -> IO[bytes]:
    with archive.open("rb") as stream:
        compressed = stream.read(2) == _GZIP
    return cast("IO[bytes]", gzip.open(archive)) if compressed else archive.open("rb")


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes] | None]]:
    for member in archive:
        if member.isfile():
            yield member.name.removeprefix("./"), archive.extractfile(member)


def _read_to_its_end(stream: IO[bytes], most: int) -> None:
    """tarfile takes an archive cut short for one that ends there; its checksum tells."""
    while stream.tell() < most and stream.read(_BLOCK):
        pass


def _write_all(files: Iterator[tuple[str, IO[bytes] | None]], folder: Path, most: int) -> None:
    left = most
    for number, (name, stream) in enumerate(files, 1):
        if not name or stream is None:
            continue
        if not is_inside(name):
            raise ModelError(f"The archive holds the unsafe name {name!r}.", "Do not use it.")
        if number > MOST_FILES:
            raise ModelError(f"The archive holds more than {MOST_FILES:,} files.", "Do not use it.")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with stream, target.open("xb") as out:
            left -= _copy(stream, out, left, most)


def _copy(stream: IO[bytes], out: IO[bytes], left: int, most: int) -> int:
    done = 0
    while block := stream.read(_BLOCK):
        done += len(block)
        if done > left:
            raise ModelError(
                f"The archive unpacks to more than {readable_size(most)}.", "Do not use it."
            )
        out.write(block)
    return done


def _is_link(member: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _below_top(name: str) -> str:
    parts = PurePosixPath(name).parts
    return "/".join(parts[1:])


def _damaged(archive: Path, error: Exception) -> ModelError:
    return ModelError(
        f"The archive {archive.name} is damaged: {error}.",
        "Pull again; if it stays, the server has another file there.",
    )

"""Damaged files of every format are read or refused: no crash, no hang.

Ten mutations a format, the same in every run; FUZZ_MUTATIONS=300 makes it thorough, FUZZ_SEED
draws others. A file that fails stays in the test's folder.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.core.errors import DocumentError
from index.chunking import chunk
from index.loaders.document import Document, Limits
from index.loaders.errors import ReaderDiedError
from index.loaders.recognition import Readers
from index.loaders.safe_reader import SafeReader
from tests.index.documents import zip_bytes
from tests.index.formats import every_format, make_scan
from tests.index.test_loaders_recognition import FixedReader

MUTATIONS = int(os.environ.get("FUZZ_MUTATIONS", "10"))
SEED = os.environ.get("FUZZ_SEED", "1")
LIMITS = Limits(seconds=20, memory_bytes=1 << 30, characters=2_000_000)
WHOLE = {**every_format(), ".scan.pdf": make_scan()}
NUMBERS = (b"0", b"-1", b"65535", b"4294967295", b"99999999999999999999", b"1e999", b"\xff" * 8)


def flip_bits(content: bytes, draw: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(draw.choice((1, 4, 32))):
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
    return bytes(damaged)


def truncate(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def splice(content: bytes, draw: random.Random) -> bytes:
    """A piece of it somewhere else in it, over what was there or between."""
    start, at = draw.randrange(len(content)), draw.randrange(len(content))
    piece = content[start : start + draw.choice((8, 64, 1024))] * draw.choice((1, 1, 50))
    return content[:at] + piece + content[at + draw.choice((0, len(piece))) :]


def cross(content: bytes, draw: random.Random) -> bytes:
    """Its beginning with the end of another format's file."""
    other = draw.choice(sorted(WHOLE.values()))
    return content[: draw.randrange(len(content))] + other[draw.randrange(len(other)) :]


def renumber(content: bytes, draw: random.Random) -> bytes:
    """A number in it becomes one nobody expects."""
    digits = [i for i, byte in enumerate(content) if 0x30 <= byte <= 0x39]
    if not digits:
        return flip_bits(content, draw)
    at = draw.choice(digits)
    return content[:at] + draw.choice(NUMBERS) + content[at + 1 :]


MUTATORS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip_bits,
    truncate,
    splice,
    cross,
    renumber,
)


def mutate(
    content: bytes, draw: random.Random, mutator: Callable[[bytes, random.Random], bytes]
) -> bytes:
    """Damages the file, or, for checksums would give that away, a file in an archive."""
    if not content.startswith(b"PK") or draw.random() < 0.3:
        content = mutator(content, draw)
        return draw.choice(MUTATORS)(content, draw) if content and draw.random() < 0.3 else content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    inner = draw.choice(sorted(name for name, held in members.items() if held))
    return zip_bytes({**members, inner: mutator(members[inner], draw)})


@pytest.fixture(scope="module")
def reader() -> Iterator[SafeReader]:
    reader = SafeReader(LIMITS, Readers(lambda: FixedReader("read")))
    yield reader
    reader.close()


@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_damaged_files_are_read_or_refused(tmp_path: Path, reader: SafeReader, suffix: str) -> None:
    draw = random.Random(f"{SEED}{suffix}")  # noqa: S311
    for number in range(MUTATIONS):
        content = mutate(WHOLE[suffix], draw, MUTATORS[number % len(MUTATORS)])
        path = tmp_path / f"mutation-{number}{suffix}"
        path.write_bytes(content)
        document = read_or_refuse(reader, path)
        if document is not None:
            assert document.text.strip()
            assert all(document.text[c.start : c.end].strip() for c in chunk(document, 128))
        path.unlink()


def read_or_refuse(reader: SafeReader, path: Path) -> Document | None:
    try:
        return reader.read(path)
    except ReaderDiedError:
        raise
    except DocumentError:
        return None

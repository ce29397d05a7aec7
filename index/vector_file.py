"""A file of vectors that is read whole and undamaged, or not at all."""

from __future__ import annotations

import contextlib
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_STAMP = struct.Struct("<8sQQQ")
_SUM = struct.Struct("<IQ")
"""CRC-32 of the stamp and what follows the sum, and the length of that."""
_MAGIC = b"ASSVEC02"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a vector file says of itself."""

    generation: int
    """Number of the last removal that was followed."""
    last_id: int
    """Highest vector id that was ever put in, 0 before the first."""
    trained_size: int
    """Vectors the trained part had when it was made, 0 without one."""

    def packed(self) -> bytes:
        """As it stands at the head of the file."""
        return _STAMP.pack(_MAGIC, self.generation, self.last_id, self.trained_size)


class SummedWriter:
    """Appends to a file, counting and summing."""

    def __init__(self, file: BinaryIO, head: bytes) -> None:
        self._file = file
        self._crc = zlib.crc32(head)
        self._length = 0

    def write(self, block: bytes) -> None:
        """Append."""
        self._crc = zlib.crc32(block, self._crc)
        self._length += len(block)
        self._file.write(block)

    def sum(self) -> bytes:
        """Sum and length, as they stand behind the stamp."""
        return _SUM.pack(self._crc, self._length)


@contextmanager
def replaced(path: Path, stamp: Stamp) -> Iterator[SummedWriter]:
    """A temporary file that takes the path's place at the end, so that a reader sees old or
    new, whole, whenever the program or the power goes.

    Raises:
        OSError: the disk refuses; the file that was there stays.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(descriptor, "w+b") as file:  # mkstemp makes it 0600
            file.write(stamp.packed() + _SUM.pack(0, 0))
            body = SummedWriter(file, stamp.packed())
            yield body
            file.seek(_STAMP.size)
            file.write(body.sum())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def checked(file: BinaryIO) -> Stamp | None:
    """The stamp, with the file at its body; None when anything is amiss.

    Reads the whole file, half a second a gigabyte: FAISS's reader is native code and must
    not see damage.
    """
    head = file.read(_STAMP.size)
    sums = file.read(_SUM.size)
    if len(sums) != _SUM.size:
        return None
    crc, size = zlib.crc32(head), 0
    while block := file.read(BLOCK):
        crc = zlib.crc32(block, crc)
        size += len(block)
    file.seek(_STAMP.size + _SUM.size)
    magic, generation, last_id, trained_size = _STAMP.unpack(head)
    if magic != _MAGIC or _SUM.unpack(sums) != (crc, size):
        return None
    return Stamp(generation, last_id, trained_size)

"""Opens the zip archives documents come in, refusing bombs, encrypted and mislabelled ones."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from assistant.core.errors import DocumentError
from index.loaders.document import Limits

BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)
"""What the zip module raises on damaged archives and members."""
_MAX_RATIO = 200
"""Packed to unpacked; documents stay below 30."""
_RATIO_FROM = 50 << 20
"""Bytes unpacked below which the ratio doesn't matter."""


def check_archive(path: Path, limits: Limits, needed: str) -> None:
    """Refuse what no reader should be given.

    Args:
        needed: beginning of the name of a member that a file of its kind has.

    Raises:
        DocumentError: truncated, another kind of archive, encrypted, or a bomb.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except BROKEN_ARCHIVE as error:
        raise DocumentError(
            "The file is truncated or damaged.", "Get a whole copy of it."
        ) from error
    if not any(member.filename.startswith(needed) for member in members):
        raise DocumentError(
            f"It is named {path.suffix} but holds another kind of archive.",
            "Give it the ending it should have.",
        )
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError("The file is encrypted.", "Save it without a password.")
    if len(members) > limits.members:
        raise DocumentError(
            f"It holds {len(members):,} files; the limit is {limits.members:,}.",
            "It was not opened.",
        )
    # The sizes members declare are binding: the zip module unpacks no byte more.
    unpacked = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    if unpacked > limits.expanded_bytes or (
        unpacked > _RATIO_FROM and unpacked / packed > _MAX_RATIO
    ):
        raise DocumentError(
            f"It would unpack to {unpacked >> 20:,} MB, {unpacked // packed:,} times its size.",
            "Such a file is most likely an archive bomb; it was not opened.",
        )


def parse_xml(data: bytes) -> Any:
    """The root of an XML part; entities are not expanded and nothing is fetched.

    Raises:
        LxmlError: it is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def local_name(element: Any) -> str:
    """Tag without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""

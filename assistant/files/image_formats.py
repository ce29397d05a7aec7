"""Which image formats are read; HEIC, that of phones, by libheif, loaded only for such files."""

from __future__ import annotations

from pathlib import Path

_OF_PILLOW = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
FORMATS = (*_OF_PILLOW, "HEIF")
"""By Pillow's names."""
_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
"""Of a HEIF file's first box (ISO/IEC 23008-12); those of AVIF, which Pillow reads, differ."""


_BEGINNINGS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")


def begins_like_an_image(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an image of these formats."""
    of_riff = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    of_mpeg = head[4:8] == b"ftyp" and head[8:12] in _BRANDS | {b"avif", b"avis"}
    return head.startswith(_BEGINNINGS) or of_riff or of_mpeg


def formats_for(path: Path) -> tuple[str, ...]:
    """What Pillow may take a file for; the reader of HEIC is registered if it may need it."""
    if not _is_heif(path):
        return _OF_PILLOW
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    return FORMATS


def _is_heif(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return False
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS

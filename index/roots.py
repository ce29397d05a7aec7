"""Tells folders whose disk is unplugged from folders that were emptied."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping

from index.files import Below, Known

_COARSE_NS = 2_000_000_000
"""Nanoseconds; FAT keeps times to two seconds."""


def unplugged(roots: Iterable[str], known: Mapping[str, Known], synced_ns: int) -> frozenset[str]:
    """Roots that are not there, or are the empty mount point of a disk that is not.

    Deleting its files changes the time of a folder; what lies under an unmounted disk was last
    changed before it held any.

    Args:
        synced_ns: when the roots were last walked through, nanoseconds; 0 for never.
    """
    return frozenset(
        root for root in roots if _is_away(root, synced_ns) and _holds_any(root, known)
    )


def _is_away(root: str, synced_ns: int) -> bool:
    try:
        status = os.stat(root)  # noqa: PTH116  # a path need not be valid text
        with os.scandir(root) as entries:
            is_empty = next(entries, None) is None
    except NotADirectoryError:
        return False
    except OSError:
        return not os.path.lexists(root)
    return is_empty and status.st_mtime_ns < synced_ns - _COARSE_NS


def _holds_any(root: str, known: Collection[str]) -> bool:
    below = Below([root])
    return any(path in below for path in known)

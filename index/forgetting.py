"""Takes files out of a collection for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.catalogue import Session
from index.database import transaction
from index.files import Below


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out of a collection."""

    files: int = 0
    roots: int = 0
    """Folders and files that are no longer followed."""


def forget(session: Session, tops: Sequence[str]) -> Forgotten:
    """Remove files and everything below folders, and keep out what lies in a folder that is
    still followed; the bytes are left to `erase`."""
    below = Below(tops)
    gone = [path for path in session.files.known() if path in below]
    roots = session.files.roots()
    leaving = [root for root in roots if root in below]
    followed = Below(set(roots) - set(leaving))
    with transaction(session.connection):
        session.seals.add(t for t in tops if t in followed and _holds_any(t, gone))
        session.files.forget_roots(leaving)
        return Forgotten(session.files.remove_files(gone), len(leaving))


def _holds_any(top: str, files: Sequence[str]) -> bool:
    below = Below([top])
    return any(path in below for path in files)

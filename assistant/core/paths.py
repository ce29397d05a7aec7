"""Paths as people write them: any text may be one, and of some `pathlib` fails."""

from __future__ import annotations

import os
from pathlib import Path

# ruff: noqa: PTH110, PTH111, PTH112, PTH113 - for that reason


def with_home(path: str | Path) -> Path:
    """The path with the home folder in place of a leading `~` or `~user`; as it stands where
    there is no such user."""
    return Path(os.path.expanduser(path))


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder; not where the path is too long for one."""
    return os.path.exists(path)


def is_file(path: Path) -> bool:
    """Whether there is such a file; not where the path is too long for one."""
    return os.path.isfile(path)


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; not where the path is too long for one."""
    return os.path.isdir(path)

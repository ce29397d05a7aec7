"""Arrays in a file of a cache folder: written whole or not at all, and never trusted."""

from __future__ import annotations

import logging
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.config import make_private_folder

Arrays = Mapping[str, npt.NDArray[Any]]

_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
_log = logging.getLogger(__name__)


def read_arrays(path: Path, names: Sequence[str]) -> Arrays | None:
    """The named arrays; None where the file is absent, damaged or lacks one."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in names}
    except FileNotFoundError:
        return None
    except _UNREADABLE as error:
        _log.info("%s is of another version, or damaged, and is made again: %s", path, error)
        return None


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write by temporary file and rename; a failure is logged, for the cache can be made again."""
    try:
        make_private_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
    except OSError as error:
        _log.warning("%s can't be kept: %s", path, error)
        return
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        _log.warning("%s can't be kept: %s", path, error)

"""A model file that is on this machine already; it is linked, not copied.

A folder named by `path:` needs no fetching at all: it is used where it is (see `ModelCache`).
"""

from __future__ import annotations

from pathlib import Path

from assistant.core.errors import ModelError
from assistant.models.catalogue import ModelEntry
from assistant.models.sources.checksum import check_sha256
from assistant.models.sources.reference import PathSource
from assistant.models.sources.watch import Watch


def find_file(source: PathSource, entry: ModelEntry, watch: Watch) -> Path:
    """The file, checked.

    Raises:
        ModelError: it is not there, or not the one the catalogue means.
    """
    if not source.path.is_file():
        raise ModelError(
            f"{source.path}, where {entry.name} should be, does not exist.",
            f"Correct models.{entry.name}.source in config.toml.",
        )
    if entry.sha256:
        watch.report(f"Checking {entry.name}")
        check_sha256(source.path, entry.sha256, entry.name)
    return source.path.resolve()

"""Checking that a file is the one the catalogue means."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.core.errors import ModelError


def check_sha256(path: Path, expected: str, name: str) -> None:
    """Compare a file's hash with the catalogue's; an empty one is not compared.

    Raises:
        ModelError: they differ.
    """
    if not expected:
        return
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != expected:
        raise wrong_hash(name, expected, found)


def wrong_hash(name: str, expected: str, found: str) -> ModelError:
    """The error for content that is not what was asked for."""
    return ModelError(
        f"What was fetched for {name} is not what the catalogue asks for: its SHA-256 is "
        f"{found[:16]}… instead of {expected[:16]}….",
        "Nothing was kept. Pull again; if it stays, the mirror or the source has another file.",
    )

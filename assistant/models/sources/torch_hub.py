"""Brings a repository of PyTorch Hub and its weights; nothing of the repository is run here."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from assistant.config import make_private_folder
from assistant.core.errors import ModelError
from assistant.core.paths import with_home
from assistant.models.catalogue import IMAGENET, ModelEntry
from assistant.models.consent import (
    MOST_BYTES,
    check_repository,
    drop_what_is_left_out,
    files_of,
)
from assistant.models.sources.archives import unpack_zip
from assistant.models.sources.checksum import check_sha256
from assistant.models.sources.hub_references import TorchHubSource
from assistant.models.sources.reference import is_inside
from assistant.models.sources.watch import Watch
from assistant.models.sources.web import WebFetcher

REPOSITORY, WEIGHTS, LABELS = "repository", "weights", "labels.txt"
"""Names in the folder fetched."""
_MOST_WEIGHTS = 64 << 30


@dataclass(frozen=True, slots=True)
class TorchHub:
    """Fetches by the archives a code host makes of commits.

    Args:
        endpoint: of GitHub's archives.
    """

    endpoint: str = "https://codeload.github.com"
    web: WebFetcher = field(default_factory=WebFetcher)

    def fetch(
        self, source: TorchHubSource, entry: ModelEntry, partial: Path, stage: Path, watch: Watch
    ) -> Path:
        """A folder with the repository, the weights as they are, and the labels.

        Args:
            partial: where beginnings of downloads wait.
            stage: a folder of this pull.

        Raises:
            ModelError: something is missing, refused, damaged, or not what the entry pins.
        """
        folder = stage / "fetched"
        (folder / REPOSITORY).mkdir(parents=True)
        self._bring_repository(source, entry, partial, folder / REPOSITORY, watch)
        weights = self._weights(source, entry, partial, folder, watch)
        watch.report(f"Checking {entry.name}")
        check_sha256(weights, entry.sha256, entry.name)
        (folder / LABELS).write_text(_labels(entry, folder / REPOSITORY), encoding="utf-8")
        return folder

    def _bring_repository(
        self, source: TorchHubSource, entry: ModelEntry, partial: Path, into: Path, watch: Watch
    ) -> None:
        if isinstance(source.repository, Path):
            for path in files_of(source.repository):
                watch.check()
                target = into / path.relative_to(source.repository)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
            return
        address = f"{self.endpoint}/{source.repository}/zip/{source.revision}"
        archive = self._download(address, entry, MOST_BYTES, partial, watch)
        try:
            unpack_zip(archive, into, MOST_BYTES)
            check_repository(into, str(source.repository), entry.name)
            drop_what_is_left_out(into)
        except ModelError:
            archive.unlink()  # or the next pull would find it damaged again
            raise

    def _weights(
        self, source: TorchHubSource, entry: ModelEntry, partial: Path, folder: Path, watch: Watch
    ) -> Path:
        if source.has_address:
            fetched = self._download(source.weights, entry, _MOST_WEIGHTS, partial, watch)
            return fetched.replace(folder / WEIGHTS)
        there = with_home(source.weights)
        inside = not there.is_absolute() and is_inside(source.weights)
        there = folder / REPOSITORY / source.weights if inside else there
        if not there.is_absolute() or not there.is_file():
            raise ModelError(
                f"{entry.name}: there are no weights at {source.weights}.",
                "After ?weights= name a file of the repository, a path in full, or an address.",
            )
        shutil.copyfile(there, folder / WEIGHTS)
        return folder / WEIGHTS

    def _download(
        self, address: str, entry: ModelEntry, most: int, partial: Path, watch: Watch
    ) -> Path:
        make_private_folder(partial)
        target = partial / hashlib.sha256(address.encode()).hexdigest()[:16]
        self.web.fetch(address, target, entry.name, most, watch)
        return target


def _labels(entry: ModelEntry, repository: Path) -> str:
    if entry.labels == IMAGENET:
        return (
            resources.files("assistant.models").joinpath("imagenet_labels.txt").read_text("utf-8")
        )
    path = with_home(entry.labels)
    path = path if path.is_absolute() else repository / entry.labels
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{entry.name}: its labels can't be read from {entry.labels}.",
            f"models.{entry.name}.labels is a text file with one class a line, in the repository "
            f"or by its path in full; or “{IMAGENET}”.",
        ) from error

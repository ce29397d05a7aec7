"""Brings a SavedModel from TensorFlow Hub, or from a folder; nothing of it is run here."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from assistant.config import make_private_folder
from assistant.core.errors import ModelError
from assistant.models.catalogue import ModelEntry
from assistant.models.saved_model_graph import harmful_operations
from assistant.models.sources.archives import unpack_tar
from assistant.models.sources.checksum import check_sha256
from assistant.models.sources.hub_references import TfHubSource
from assistant.models.sources.watch import Watch
from assistant.models.sources.web import WebFetcher

GRAPH = "saved_model.pb"
MOST_BYTES = 16 << 30
_KAGGLE_PARTS = 5
"""Of a handle of Kaggle: owner, model, framework, variation, version."""
_OTHER_GRAPHS = ("saved_model.cpb", "saved_model.pbtxt")
"""Read by TensorFlow in place of the graph that is checked here, or where there is none."""


@dataclass(frozen=True, slots=True)
class TfHub:
    """Fetches the archives that TensorFlow Hub and Kaggle serve.

    Args:
        endpoint: of TensorFlow Hub, for handles such as google/nnlm-en-dim50/2.
        kaggle: of Kaggle, for handles of five parts.
    """

    endpoint: str = "https://tfhub.dev"
    kaggle: str = "https://www.kaggle.com/api/v1/models"
    web: WebFetcher = field(default_factory=WebFetcher)

    def fetch(
        self, source: TfHubSource, entry: ModelEntry, partial: Path, stage: Path, watch: Watch
    ) -> Path:
        """The folder of the SavedModel.

        Raises:
            ModelError: it is missing, refused, damaged, no SavedModel, or could touch files.
        """
        folder = stage / "fetched"
        folder.mkdir()
        if isinstance(source.handle, Path):
            _copy(source.handle, folder, watch)
        else:
            self._download(source.handle, entry, partial, folder, watch)
        check_saved_model(folder, entry.name)
        return folder

    def _download(
        self, handle: str, entry: ModelEntry, partial: Path, folder: Path, watch: Watch
    ) -> None:
        address = self.address(handle)
        make_private_folder(partial)
        archive = partial / hashlib.sha256(address.encode()).hexdigest()[:16]
        self.web.fetch(address, archive, entry.name, MOST_BYTES, watch)
        watch.report(f"Checking {entry.name}")
        try:
            check_sha256(archive, entry.sha256, entry.name)
            unpack_tar(archive, folder, MOST_BYTES)
        except ModelError:
            archive.unlink()
            raise

    def address(self, handle: str) -> str:
        """Where the archive of a handle is."""
        if handle.count("/") == _KAGGLE_PARTS - 1:
            return f"{self.kaggle}/{handle}/download"
        return f"{self.endpoint}/{handle}?tf-hub-format=compressed"


def check_saved_model(folder: Path, name: str) -> None:
    """
    Raises:
        ModelError: the folder holds no SavedModel, or one that could touch files or call Python.
    """
    try:
        graph = (folder / GRAPH).read_bytes()
    except OSError as error:
        raise ModelError(
            f"{name} holds no {GRAPH}, so it is no SavedModel of TensorFlow 2.",
            "Keras and TFLite files can't be used; look for the SavedModel of it.",
        ) from error
    if other := next((file for file in _OTHER_GRAPHS if (folder / file).exists()), None):
        raise ModelError(
            f"{name} holds a second graph, {other}, which can't be checked.",
            "Do not use it; look for another model.",
        )
    if found := harmful_operations(graph, name):
        raise ModelError(
            f"The graph of {name} can touch files or call Python ({', '.join(found)}).",
            "Do not use it; look for another model.",
        )


def _copy(source: Path, folder: Path, watch: Watch) -> None:
    if not source.is_dir():
        raise ModelError(f"There is no folder {source}.", "Correct the model's source.")
    size = 0
    for path in sorted(source.rglob("*")):
        watch.check()
        size += path.stat().st_size if path.is_file() else 0
        if size > MOST_BYTES:
            raise ModelError(
                f"{source} is larger than {MOST_BYTES >> 30} GB.", "Name a SavedModel."
            )
        if path.is_file() and not path.is_symlink():
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)

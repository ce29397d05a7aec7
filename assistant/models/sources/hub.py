"""A repository of the model hub: which of its files are fetched, and from which commit."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import make_private_folder
from assistant.core.errors import ModelError
from assistant.models.catalogue import ModelEntry
from assistant.models.disk import FreeBytes, check_room, free_bytes
from assistant.models.sources.checksum import check_sha256
from assistant.models.sources.hub_download import TIMEOUT_SECONDS, HubDownload, HubFile
from assistant.models.sources.hub_errors import explaining_hub
from assistant.models.sources.reference import HubSource, is_inside
from assistant.models.sources.watch import Watch

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import ModelInfo

WEIGHTS = ".safetensors"
COMPANIONS = (".json", ".txt", ".model", ".spm", ".jinja")
"""Configuration, vocabularies and chat templates; never pickles, never code."""
_PART = re.compile(r"-\d{5}-of-(\d{5})\.gguf$")
CONVERTER = "SFconvertbot"
"""The hub's account that offers safetensors, as pull requests, to repositories without any."""
USER_AGENT = "assistant"
"""Instead of the library's own, which lists installed packages and their versions."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Files of one commit."""

    commit: str
    files: tuple[HubFile, ...]


class Hub:
    """Downloads from a model hub, with the person's own token and proxy settings.

    Args:
        endpoint: address of the hub; None = the hub library's own setting (HF_ENDPOINT).
        pause: seconds between tries after a lost connection.
        free: bytes free where a folder is.
        timeout: seconds without an answer after which a connection counts as lost.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        pause: float = 1.0,
        free: FreeBytes = free_bytes,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._endpoint = endpoint
        self._pause = pause
        self._free = free
        self._timeout = timeout

    def fetch(self, source: HubSource, entry: ModelEntry, workspace: Path, watch: Watch) -> Path:
        """Download into `workspace`, which may hold the beginnings of an earlier try.

        Returns:
            The file the source names, or the folder of the repository's files.

        Raises:
            ModelError: no such repository, revision or file; no access; no network.
        """
        with explaining_hub(source, entry.name):
            watch.report(f"Asking for {source.repository}")
            listing = self._list(source)
            folder = _folder_of(listing.commit, workspace)
            check_room(_lacking(listing, folder), folder, self._free)
            download = HubDownload(
                repository=source.repository,
                commit=listing.commit,
                label=f"Fetching {entry.name}",
                total=sum(file.size for file in listing.files),
                endpoint=self._endpoint,
                user_agent=USER_AGENT,
                pause=self._pause,
                watch=watch,
                timeout=self._timeout,
            )
            download.run(listing.files, folder)
        if source.file is None:
            return folder
        watch.report(f"Checking {entry.name}")
        check_sha256(folder / source.file, entry.sha256, entry.name)
        return folder / source.file

    def _list(self, source: HubSource) -> Listing:
        from huggingface_hub import HfApi

        api = HfApi(endpoint=self._endpoint, headers={"user-agent": USER_AGENT})
        info = api.model_info(
            source.repository,
            revision=source.revision,
            files_metadata=True,
            timeout=self._timeout,
        )
        if source.file is not None:
            _refuse_part(source.file)
            return _listing(info, (source.file,))
        if not _weights(info) and (revision := _conversion(api, source)):
            info = api.model_info(
                source.repository, revision=revision, files_metadata=True, timeout=self._timeout
            )
        if not _weights(info):
            raise _no_weights(source, info)
        return _listing(info, _useful(info))


def _refuse_part(file: str) -> None:
    """One of several parts is no model, and gigabytes to find that out."""
    if parts := _PART.search(file):
        raise ModelError(
            f"{file} is one of {int(parts[1])} parts of a model.",
            "Name a model in one file; most repositories have one with fewer bits (Q4_K_M).",
        )


def _names(info: ModelInfo) -> list[str]:
    return [sibling.rfilename for sibling in info.siblings or ()]


def _weights(info: ModelInfo) -> list[str]:
    return [name for name in _names(info) if name.endswith(WEIGHTS)]


def _useful(info: ModelInfo) -> tuple[str, ...]:
    """Weights and what is read along with them; formats of other runtimes are left out."""
    kept = [name for name in _names(info) if name.endswith((WEIGHTS, *COMPANIONS))]
    return tuple(name for name in kept if not re.match(r"(onnx|openvino|original)/", name))


def _listing(info: ModelInfo, wanted: tuple[str, ...]) -> Listing:
    """Sizes and hashes of the wanted files; one the repository lacks fails when fetched."""
    siblings = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    files = []
    for name in wanted:
        sibling = siblings.get(name)
        if not is_inside(name):
            raise ModelError(
                f"The repository {info.id} holds a file with the unsafe name {name!r}.",
                "Do not use this repository.",
            )
        files.append(
            HubFile(
                path=name,
                size=(sibling.size if sibling else None) or 0,
                sha256=sibling.lfs.sha256 if sibling and sibling.lfs else "",
            )
        )
    return Listing(commit=info.sha or "main", files=tuple(files))


def _lacking(listing: Listing, folder: Path) -> int:
    """Bytes still to come; those of a file begun are counted anew."""
    return sum(file.size for file in listing.files if not (folder / file.path).is_file())


def _conversion(api: HfApi, source: HubSource) -> str | None:
    """The revision of the hub's own conversion to safetensors, where it has offered one."""
    offers = api.get_repo_discussions(
        source.repository,
        author=CONVERTER,
        discussion_type="pull_request",
        discussion_status="open",
    )
    return next((offer.git_reference for offer in offers if offer.author == CONVERTER), None)


def _no_weights(source: HubSource, info: ModelInfo) -> ModelError:
    if gguf := [name for name in _names(info) if name.endswith(".gguf")]:
        return ModelError(
            f"{source.repository} holds {len(gguf)} GGUF files; the source must name one.",
            f"For example hf:{source.repository}:{gguf[0]}",
        )
    return ModelError(
        f"{source.repository} has no weights as safetensors or GGUF; other formats can run code.",
        "Look on the hub for a conversion of it, and name that one.",
    )


def _folder_of(commit: str, workspace: Path) -> Path:
    """The commit's own folder; beginnings of other commits are of no use any more."""
    folder = workspace / commit
    for other in workspace.iterdir() if workspace.is_dir() else ():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    make_private_folder(folder)
    return folder

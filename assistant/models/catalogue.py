"""The models the assistant knows: the built-in list and the user's own entries."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources

from assistant.config import Settings
from assistant.core.errors import ModelError
from assistant.models.catalogue_checks import read_entry
from assistant.models.catalogue_entry import IMAGENET, ModelEntry

__all__ = ["IMAGENET", "Catalogue", "ModelEntry", "read_entry"]


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
        spoken = (entry for entry in self.by_role("generate") if entry.speaks(language))
        fit = [entry for entry in spoken if entry.server is None]
        return tuple(entry.name for entry in sorted(fit, key=lambda e: e.size))

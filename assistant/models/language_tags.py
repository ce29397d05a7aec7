"""How translation models of many languages are told which one to read and which to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.core.errors import ModelError

_TAG = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}|[a-z]{2}_[A-Z]{2}")
"""As NLLB ("por_Latn") and mBART-50 ("pt_XX") write them."""
_PREFIX = re.compile(r">>([a-z]{2,3})(?:_[A-Za-z]+)?<<")
"""As Marian models of several target languages want it in front of the text."""
_FLORES = {
    "ar": "arb", "ay": "ayr", "az": "azj", "fa": "pes", "ku": "kmr", "lv": "lvs", "mg": "plt",
    "mn": "khk", "ms": "zsm", "ne": "npi", "no": "nob", "om": "gaz", "or": "ory", "ps": "pbt",
    "qu": "quy", "sq": "als", "sw": "swh", "tl": "tgl", "uz": "uzn", "yi": "ydd",
}  # fmt: skip
"""Codes by which FLORES-200 (NLLB's languages) names the member of a macrolanguage it has."""


@dataclass(frozen=True, slots=True)
class Direction:
    """What a tokenizer and `generate` are given for a pair of languages."""

    prefix: str = ""
    """Put in front of every text."""
    source: str | None = None
    """The tokenizer's `src_lang`."""
    first_token: int | None = None
    """The token a translation begins with; None = the model's usual one."""


class LanguageTags:
    """The languages of one tokenizer. A model of a single pair needs no tags.

    Args:
        tokenizer: of transformers, for Marian, M2M100, NLLB or mBART-50.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ids: Mapping[str, int] = {}
        self._prefixes: Iterable[str] = getattr(tokenizer, "supported_language_codes", None) or ()
        if not hasattr(tokenizer, "get_lang_id") and not self._prefixes:
            vocabulary = tokenizer.get_vocab()
            self._ids = {token: i for token, i in vocabulary.items() if _TAG.fullmatch(token)}

    def direction(self, source: str, target: str) -> Direction:
        """
        Raises:
            ModelError: the model has no such language.
        """
        if hasattr(self._tokenizer, "get_lang_id"):
            return self._numbered(source, target)
        if self._prefixes:
            return Direction(prefix=f"{self._prefix(target)} ")
        if self._ids:
            tag = self._tag(target)
            return Direction(source=self._tag(source), first_token=self._ids[tag])
        return Direction()

    def _numbered(self, source: str, target: str) -> Direction:
        """M2M100, whose codes are those of ISO 639-1."""
        try:
            self._tokenizer.get_lang_id(source)
            return Direction(source=source, first_token=self._tokenizer.get_lang_id(target))
        except KeyError as error:
            raise _unknown(str(error.args[0])) from error

    def _prefix(self, language: str) -> str:
        for prefix in self._prefixes:
            match = _PREFIX.fullmatch(prefix)
            if match and match[1] in {language, _alpha3(language)}:
                return prefix
        raise _unknown(language)

    def _tag(self, language: str) -> str:
        """The tag of a language, in the script it is usually written in if there are several."""
        from langcodes import Language

        names = {language, _alpha3(language), _FLORES.get(language, "")}
        found = [tag for tag in sorted(self._ids) if tag.partition("_")[0] in names]
        if not found:
            raise _unknown(language)
        script = Language.get(language).maximize().script
        return next((tag for tag in found if tag.endswith(f"_{script}")), found[0])


def _alpha3(language: str) -> str:
    from langcodes import Language

    try:
        return Language.get(language).to_alpha3()
    except LookupError:
        return language


def _unknown(language: str) -> ModelError:
    return ModelError(
        f"This model has no language “{language}”.",
        "Correct the languages of its entry in the settings, or choose another model.",
    )

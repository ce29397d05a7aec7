"""Tells people in their language what the program says in English.

Messages stay English where they are made, kept and sent; this is for the moment they are shown.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path

from assistant.language.messages.catalogue import Catalogue, Pair, joined
from assistant.language.messages.template import parse

GROUP = "assistant.messages"
"""Entry points with the messages of other packages: language → mapping of English to it."""
_REMEMBERED = 512
_COLONS = {"zh": "："}
_FOLDER = Path(__file__).parent
_log = logging.getLogger(__name__)


class Speech:
    """Messages in one language. Nothing is read before the first of them.

    Args:
        language: ISO 639-1 code; English, and what has no catalogue, is told as it is.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        # Lists draw the same reasons again and again.
        self._translated = lru_cache(_REMEMBERED)(self._looked_up)

    def tell(self, *texts: str) -> str:
        """Messages as one text, such as a fact and its remedy; what is not known stays English."""
        said = [text.strip() for text in texts if text and not text.isspace()]
        if not self._is_written:
            return " ".join(said)
        return joined(self._translated(text) for text in said)

    def named(self, name: str, text: str) -> str:
        """A name and what there is to say of it, both told already: "Memory: 3 GB free"."""
        return f"{name}{_COLONS.get(self.language, ': ')}{text}"

    def _looked_up(self, text: str) -> str:
        found = self._catalogue.translate(text)
        return text if found is None else found

    @cached_property
    def _is_written(self) -> bool:
        """Whether there is anything to look a message up in."""
        return self.language.isalpha() and (_FOLDER / self.language).is_dir()

    @cached_property
    def _catalogue(self) -> Catalogue:
        """Our own messages, and those of other packages."""
        return Catalogue([*own_pairs(self.language), *_pairs_of_others(self.language)])


@cache
def speech_in(language: str) -> Speech:
    """The messages in a language, read once."""
    return Speech(language)


def own_pairs(language: str) -> Iterator[Pair]:
    """What the files of a language say, in the order of their names and lines."""
    for file in sorted((_FOLDER / language).glob("*.tsv")):
        yield from read_pairs(file.read_text("utf-8"))


def read_pairs(text: str) -> Iterator[Pair]:
    r"""Lines of an English text, a tab, its translation; `#` begins a remark, `\n` is a line break.

    Raises:
        ValueError: a line has no tab, or more than one.
    """
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            english, other = (part.replace("\\n", "\n") for part in line.split("\t"))
            yield english, other


def _pairs_of_others(language: str) -> Iterator[Pair]:
    from importlib.metadata import entry_points  # takes 40 ms, which English does without

    for point in entry_points(group=GROUP):
        if point.name != language:
            continue
        try:
            pairs = dict(point.load())
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            _log.warning("the messages of %s are left out: %s", point.value, error)
            continue
        for english, other in pairs.items():
            if _makes_sense(english, other):
                yield english, other
            else:
                _log.warning("a message of %s is left out: %.200r", point.value, english)


def _makes_sense(english: object, other: object) -> bool:
    if not (isinstance(english, str) and isinstance(other, str)):
        return False
    try:
        given = {hole.name for hole in parse(english).holes}
        return {hole.name for hole in parse(other).holes} <= given
    except ValueError:
        return False

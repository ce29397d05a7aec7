"""Finds where a text names a language, a country or a people, and the language that means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from assistant.language.names import NAMED_IN, find_language, lexicon

MentionKind = Literal["language", "place", "people"]
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_REGIONAL_A = 0x1F1E6  # REGIONAL INDICATOR SYMBOL LETTER A
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_MOST_WORDS = 3
_MOST_HAN = 8
_TERRITORIES = (
    "AE AF AL AM AR AT AU AZ BA BD BE BG BO BR BY CA CH CL CN CO CR CU CY CZ DE DK DO DZ EC EE EG "
    "ES ET FI FR GB GE GR GT HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KH KR KW KZ LA LB "
    "LK LT LU LV MA MD MG MK MM MN MT MX MY NG NI NL NO NP NZ PA PE PH PK PL PR PT PY QA RO RS RU "
    "SA SE SG SI SK SN SV SY TH TN TR TW TZ UA US UY UZ VE VN ZA"
)
_PLACE_ALIASES = {
    "america": "en", "the states": "en", "usa": "en", "england": "en", "scotland": "en",
    "britain": "en", "great britain": "en", "uk": "en", "inglaterra": "en", "angleterre": "en",
    "美国": "en", "英格兰": "en", "estados unidos": "en", "ireland": "en",
    "turkey": "tr", "türkei": "tr", "korea": "ko", "corea": "ko", "coreia": "ko", "corée": "ko",
    "韩国": "ko", "朝鲜": "ko", "holland": "nl", "holanda": "nl", "hollande": "nl",
    "hawaii": "haw", "夏威夷": "haw", "wales": "cy", "catalonia": "ca", "czech republic": "cs",
    "quebec": "fr", "taiwan": "zh", "hong kong": "yue", "香港": "yue", "澳门": "yue",
    "俄国": "ru", "russland": "ru", "japón": "ja", "japão": "ja",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: half-open character offsets, and the language it stands for."""

    code: str
    start: int
    end: int
    kind: MentionKind


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Languages, countries and peoples named in a text (names in six languages), in order.

    The longest name wins; overlapping shorter ones are not reported.
    """
    found = (*_latin_mentions(text), *_han_mentions(text), *_flag_mentions(text))
    return tuple(sorted(found, key=lambda mention: mention.start))


def _latin_mentions(text: str) -> Iterator[Mention]:
    names = _names()
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        for count in range(min(_MOST_WORDS, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + count - 1].end()
            entry = names.get(text[start:end].casefold())
            if entry is not None:
                yield Mention(entry[0], start, end, entry[1])
                at += count - 1
                break
        at += 1


def _han_mentions(text: str) -> Iterator[Mention]:
    names = _names()
    for run in _HAN.finditer(text):
        at = run.start()
        while at < run.end():
            for end in range(min(at + _MOST_HAN, run.end()), at + 1, -1):
                entry = names.get(text[at:end])
                if entry is not None:
                    yield Mention(entry[0], at, end, entry[1])
                    at = end - 1
                    break
            at += 1


def _flag_mentions(text: str) -> Iterator[Mention]:
    """Flags written as two regional indicators: 🇧🇷."""
    for flag in _FLAG.finditer(text):
        territory = "".join(chr(ord(letter) - _REGIONAL_A + ord("A")) for letter in flag.group())
        code = _language_of(territory)
        if code is not None:
            yield Mention(code, flag.start(), flag.end(), "place")


@cache
def _language_of(territory: str) -> str | None:
    """The language most spoken in a territory, by CLDR."""
    from langcodes import Language

    spoken = Language.make(territory=territory).maximize().language
    return find_language(spoken) if spoken else None


@cache
def _names() -> dict[str, tuple[str, MentionKind]]:
    names: dict[str, tuple[str, MentionKind]] = {}
    names.update({name: (code, "place") for name, code in _places()})
    names.update({name: (code, "people") for name, code in _peoples()})
    names.update({name: (code, "language") for name, code in lexicon().items()})
    return names


def _places() -> Iterator[tuple[str, str]]:
    from langcodes import Language

    for territory in _TERRITORIES.split():
        place = Language.make(territory=territory)
        code = find_language(place.maximize().language or "und") or "und"
        for named in NAMED_IN:
            yield place.territory_name(named).casefold(), code
    yield from _PLACE_ALIASES.items()


def _peoples() -> Iterator[tuple[str, str]]:
    table = files("assistant.language").joinpath("people.tsv").read_text("utf-8")
    for line in table.splitlines():
        code, *names = line.split("\t")
        for name in names:
            yield name, code

"""Finds which languages a request for a translation names, and as what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.language.mentions import Mention, find_mentions
from assistant.language.names import find_language
from assistant.routing import wording

INTO = re.compile(
    r"(?:\b(?:in|into|to|if (?:i|you) (?:were|was)(?: an?| from)?|as an?|over in|by an?|instead of"
    r"|para|pra|em|no|na|ao|al|a|en|au|aux|vers|auf|ins|im|nach|si fuera(?: un[a]?)?"
    r"|se eu fosse(?: um[a]?)?|wenn ich|si j['’]étais)"
    r"(?:\s+(?:the|o|a|el|la|le|los|as|os|people|idioma|language))?\s+(?:l['’])?"
    r"|\b(?:vers|à|dans)\s+l['’]"
    r"|(?:翻?[译譯]|翻|换|改|转)?(?:成|为|為|作)|用|在|以|如果我是|假如我是)\s*$"
)
"""What stands before a language, country or people to translate into; lower case."""
_OUT_OF = re.compile(
    r"(?:\b(?:from|del|desde el|do|de|vom|von|aus dem|du)(?:\s+(?:the|o|el|le))?\s+|\bde l['’]"
    r"|从|由|把|将)\s*$"
)
_BETWEEN = re.compile(
    r"\s*(?:-|–|—|->|→|=>|/|\bto\b|\binto\b|\bpara\b(?: o\b)?|\bal?\b|\bao\b|\bins\b|\bauf\b"
    r"|\bnach\b|\bvers\b(?: l['’]| le)?|\ben\b|\bau\b|翻?[译譯]?(?:翻译)?(?:成|为|到|作)|译|翻)\s*"
)
_QUALIFIES = re.compile(
    r"['’]?s?\s*(?:words?|terms?|phrases?|translations?|versions?|equivalents?|expressions?|slang"
    r"|for|wort|satz|übersetzung|entsprechung|ausdruck)\b|\s*[语文话]?(?:里|中|版本|单词|词)?的?"
)
_ADJECTIVE_AFTER = re.compile(
    r"\b(?:word|phrase|words|palabra|palavra|mot|traducción|tradução|traduction|version|versão)\s*$"
)
_SHORT_PAIR = re.compile(r"([中英法德日葡西俄韩意])\s*(?:译|翻|转)\s*([中英法德日葡西俄韩意])")
_SHORT_NAMES = {
    "中": "zh", "英": "en", "法": "fr", "德": "de", "日": "ja", "葡": "pt", "西": "es", "俄": "ru",
    "韩": "ko", "意": "it",
}  # fmt: skip
_LANGUAGE_WORD = re.compile(r"\s*(?:language|idioma|sprache|langue|语言)\b", re.IGNORECASE)
CODES = r"(?!(?:am|as|be|he|hi|is|it|my|no|or|so|to)\b)[a-z]{2}"
"""Two-letter codes that are no English words."""
_CODE = re.compile(
    rf"(?:\b(?:into|to|para|auf|nach|vers|en|al?)\s+|成\s*)({CODES})(?:-[a-z]{2})?\s*$"
)
_SOURCE_TAIL = re.compile(r"(?:\bfrom|从|由)\s*$")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class NamedLanguages:
    """The languages an instruction names, and the instruction without them."""

    source: str | None
    target: str | None
    rest: str


def named_languages(text: str) -> NamedLanguages:
    """Source and target named in an instruction, and the instruction without those phrases."""
    short = _SHORT_PAIR.search(text)
    if short is not None:
        rest = text[: short.start()] + text[short.end() :]
        return NamedLanguages(_SHORT_NAMES[short[1]], _SHORT_NAMES[short[2]], rest)
    lowered = text.lower() if len(text.lower()) == len(text) else text
    mentions = find_mentions(text)
    for one, other in pairwise(mentions):
        languages = "place" not in (one.kind, other.kind)
        if languages and _BETWEEN.fullmatch(lowered[one.end : other.start]):
            start = _start(_OUT_OF, lowered, one)
            return NamedLanguages(one.code, other.code, text[:start] + " , " + text[other.end :])
    code = _CODE.search(lowered)
    if code is not None and not mentions and wording.TRANSLATE.search(lowered):
        return NamedLanguages(None, find_language(code[1]), text[: code.start()])
    source, target = _source(lowered, mentions), _target(lowered, mentions)
    cuts = [
        (_start(pattern, lowered, mention), _end(lowered, mention))
        for mention, pattern in ((source, _OUT_OF), (target, INTO))
        if mention is not None
    ]
    return NamedLanguages(
        source.code if source else None, target.code if target else None, _cut(text, cuts)
    )


def _source(text: str, mentions: tuple[Mention, ...]) -> Mention | None:
    named = [m for m in mentions if _SOURCE_TAIL.search(text[: m.start])]
    return named[-1] if named else None


def _target(text: str, mentions: tuple[Mention, ...]) -> Mention | None:
    """The last language introduced as one to translate into, else one that qualifies a word."""
    into = [m for m in mentions if INTO.search(text[: m.start])]
    if into:
        return into[-1]
    for mention in mentions:
        if _HAN.match(text[mention.start]):
            continue
        word = _QUALIFIES.match(text, mention.end)
        if word is not None and word.group().strip():
            return mention
        if _ADJECTIVE_AFTER.search(text[: mention.start]):
            return mention
    han = [m for m in mentions if _HAN.match(text[m.start])]
    return han[-1] if han else None


def _start(pattern: re.Pattern[str], text: str, mention: Mention) -> int:
    found = pattern.search(text[: mention.start])
    return mention.start if found is None else found.start()


def _end(text: str, mention: Mention) -> int:
    found = _LANGUAGE_WORD.match(text, mention.end)
    return mention.end if found is None else found.end()


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start].rstrip()} {text[end:].lstrip()}"
    return text

"""Takes a request for a translation apart: the text, the language it is in, the one wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.core.skills import Params
from assistant.language.mentions import Mention, find_mentions
from assistant.language.names import find_language
from assistant.routing import wording

_INSTRUCTION = 120  # characters; a longer line is text, not an instruction
_QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|«\s*([^»]+?)\s*»|「([^」]+)」|『([^』]+)』|„([^“”]+)[“”]|‘([^’]+)’"
    r"|(?<!\w)'(.+?)'(?!\w)"
)
_INTO = re.compile(
    r"(?:\b(?:in|into|to|if (?:i|you) (?:were|was)(?: an?| from)?|as an?|over in|by an?|instead of"
    r"|para|pra|em|no|na|ao|al|a|en|au|aux|vers|auf|ins|im|nach|si fuera(?: un[a]?)?"
    r"|se eu fosse(?: um[a]?)?|wenn ich|si j['’]étais)"
    r"(?:\s+(?:the|o|a|el|la|le|los|as|os|people|idioma|language))?\s+(?:l['’])?"
    r"|\b(?:vers|à|dans)\s+l['’]"
    r"|(?:翻?[译譯]|翻|换|改|转)?(?:成|为|為|作)|用|在|以|如果我是|假如我是)\s*$"
)
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
_CODES = r"(?!(?:am|as|be|he|hi|is|it|my|no|or|so|to)\b)[a-z]{2}"  # those are words as well
_CODE = re.compile(
    rf"(?:\b(?:into|to|para|auf|nach|vers|en|al?)\s+|成\s*)({_CODES})(?:-[a-z]{2})?\s*$"
)
_ORDER = re.compile(
    r"\W*(?:please |pls |(?:can|could|would) you (?:please )?|por favor,? |bitte |me )?"
    r"(?:translate(?: (?:this|that|it|the following|from|to|into|for me)\b|\s*[:\"“]|\s+\S)"
    r"|traduce\b|tradúceme\b|traduzca\b|traduza\b|traduz\b|übersetze?\b|traduis\b|traduisez\b)"
    r"|\W*(?:请|帮我|麻烦)*(?:翻译|翻成|译成|把.{1,200}翻?译|将.{1,200}译)",
    re.IGNORECASE,
)
_LEADING_CODE = re.compile(rf"(?:(?:to|into|para|auf|en)\s+)?({_CODES})(?:-[A-Za-z]{2})?\s*[:：]")
_SOURCE_TAIL = re.compile(r"(?:\bfrom|从|由)\s*$")
_LEAD = re.compile("|".join(f"(?:{lead})" for lead in wording.LEADS), re.IGNORECASE)
_TAIL, _POLITE_TAIL = (
    re.compile("(?:" + "|".join(f"(?:{tail})" for tail in tails) + r")\s*$", re.IGNORECASE)
    for tails in (wording.TAILS, wording.POLITE_TAILS)
)
_EDGE = " \t\r\n,，.。;；:：!！?？¿¡-–—"
_QUOTES = "\"'“”‘’«»„「」『』"
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Languages:
    """The languages an instruction names, and the instruction without them."""

    source: str | None
    target: str | None
    rest: str


def read_translation(text: str, explicit: bool = False) -> Params:
    """Payload, source and target of a request; None for what it doesn't say.

    The payload is None for "translate this" and its like: the text is then elsewhere, in an
    attachment or in the turn before.

    Args:
        text: the message.
        explicit: the person chose to translate by other means than wording, so the message is
            the text itself unless it plainly orders a translation.
    """
    text = text.strip()
    if explicit and not _is_order(text):
        return _by_leading_language(text) or Params(text or None)
    return _by_lines(text) or _by_quotes(text) or _by_colon(text) or _by_what_remains(text)


def _by_lines(text: str) -> Params | None:
    """An instruction on the first or the last line, text on the others."""
    first, newline, following = text.partition("\n")
    if not newline:
        return None
    if _is_instruction(first):
        own = _by_colon(first) or _by_what_remains(first)
        kept = own.payload if ":" in first or "：" in first else None
        payload = following.strip("\n") if kept is None else f"{kept}\n{following}"
        return Params(payload, own.source, own.target)
    preceding, _, last = text.rpartition("\n")
    if _is_instruction(last):
        own = _by_what_remains(last)
        return Params(preceding.strip("\n"), own.source, own.target)
    return Params(text)


def _by_quotes(text: str) -> Params | None:
    quoted = list(_QUOTED.finditer(text))
    if not quoted:
        return None
    longest = max(quoted, key=lambda m: len(m.group()))
    around = f"{text[: longest.start()]} , {text[longest.end() :]}"
    if len(around) > _INSTRUCTION or not _is_instruction(around):
        return None
    languages = _languages(around)
    payload = next(group for group in longest.groups() if group is not None)
    return Params(payload.strip(), languages.source, languages.target)


def _by_colon(text: str) -> Params | None:
    """ "into Portuguese: the train leaves at nine"."""
    for colon in re.finditer(r"[:：]", text[: _INSTRUCTION + 1]):
        before, after = text[: colon.start()], text[colon.end() :].strip()
        if _is_instruction(before):
            languages = _languages(before)
            return Params(_unquoted(after) or None, languages.source, languages.target)
    return None


def _by_what_remains(text: str) -> Params:
    """Strips the request from around the text: "how do you say … in spanish"."""
    languages = _languages(text)
    rest = languages.rest.strip(_EDGE)
    rest = _stripped(rest, named=languages.target is not None)
    source, target = languages.source, languages.target
    if target is None:
        target, rest = _last_language(rest, text)
    payload = _unquoted(rest.strip(_EDGE))
    if not payload or wording.DEICTIC.fullmatch(payload):
        return Params(None, source, target)
    return Params(payload, source, target)


def _stripped(text: str, named: bool) -> str:
    """Text without the phrases around it, a greeting excepted that is all there is to say.

    Args:
        named: whether a language to say it in was given.
    """
    sayable = named or wording.SAY.search(text.casefold()) is not None
    while not (sayable and wording.SAYABLE.fullmatch(text)):
        shorter = next((cut for cut in _cuts(text) if cut != text), text)
        if shorter == text:
            break
        text = shorter
    return text


def _cuts(text: str) -> Iterator[str]:
    """The text less one phrase at an end: closing words go first, politeness last."""
    yield _TAIL.sub("", text).strip(_EDGE)
    lead = _LEAD.match(text)
    if lead is not None:
        yield text[lead.end() :].strip(_EDGE)
    yield _POLITE_TAIL.sub("", text).strip(_EDGE)


def _last_language(rest: str, text: str) -> tuple[str | None, str]:
    """A language left at either end of what remains, or named anywhere ("how do germans say")."""
    left = find_mentions(rest)
    for mention in (left[-1:] + left[:1]) if left else ():
        if mention.end == len(rest) or mention.start == 0:
            return mention.code, (rest[: mention.start] + rest[mention.end :]).strip(_EDGE)
    others = [m for m in find_mentions(text) if text[m.start : m.end] not in rest]
    return (others[-1].code, rest) if others else (None, rest)


def _is_order(text: str) -> bool:
    """Whether it starts with the imperative of "to translate", or ends with one on its own line."""
    last = text.rpartition("\n")[2] if "\n" in text else ""
    return _ORDER.match(text) is not None or _ORDER.match(last) is not None


def _by_leading_language(text: str) -> Params | None:
    """ "to Portuguese: good morning", "French: …", "pt: …", "into French good morning"."""
    code = _LEADING_CODE.match(text)
    if code is not None and (language := find_language(code[1])):
        return Params(_unquoted(text[code.end() :]) or None, None, language)
    for mention in find_mentions(text[:_INSTRUCTION])[:1]:
        before, rest = text[: mention.start].strip(), text[mention.end :].lstrip()
        marked = rest[:1] in (":", "：") and (
            not before or _INTO.fullmatch(f"{before} ".casefold())
        )
        if mention.kind == "language" and (marked or before in ("to", "into")):
            return Params(_unquoted(rest.lstrip(" \t:：,，")) or None, None, mention.code)
    return None


def _is_instruction(text: str) -> bool:
    lowered = text.casefold()
    if len(text) > _INSTRUCTION:
        return False
    if wording.TRANSLATE.search(lowered):
        return True
    mentions = find_mentions(text)
    if not mentions:
        return wording.ASKS_FOR_THE_WORD.search(lowered) is not None
    says = wording.SAY.search(lowered) is not None
    return says or any(_INTO.search(lowered[: m.start]) for m in mentions) or len(mentions) > 1


def _languages(text: str) -> _Languages:
    """Source and target named in an instruction, and the instruction without those phrases."""
    short = _SHORT_PAIR.search(text)
    if short is not None:
        rest = text[: short.start()] + text[short.end() :]
        return _Languages(_SHORT_NAMES[short[1]], _SHORT_NAMES[short[2]], rest)
    lowered = text.lower() if len(text.lower()) == len(text) else text
    mentions = find_mentions(text)
    for one, other in pairwise(mentions):
        languages = "place" not in (one.kind, other.kind)
        if languages and _BETWEEN.fullmatch(lowered[one.end : other.start]):
            start = _start(_OUT_OF, lowered, one)
            return _Languages(one.code, other.code, text[:start] + " , " + text[other.end :])
    code = _CODE.search(lowered)
    if code is not None and not mentions and wording.TRANSLATE.search(lowered):
        return _Languages(None, find_language(code[1]), text[: code.start()])
    source, target = _source(lowered, mentions), _target(lowered, mentions)
    cuts = [
        (_start(pattern, lowered, mention), _end(lowered, mention))
        for mention, pattern in ((source, _OUT_OF), (target, _INTO))
        if mention is not None
    ]
    return _Languages(
        source.code if source else None, target.code if target else None, _cut(text, cuts)
    )


def _source(text: str, mentions: tuple[Mention, ...]) -> Mention | None:
    named = [m for m in mentions if _SOURCE_TAIL.search(text[: m.start])]
    return named[-1] if named else None


def _target(text: str, mentions: tuple[Mention, ...]) -> Mention | None:
    """The last language introduced as one to translate into, else one that qualifies a word."""
    into = [m for m in mentions if _INTO.search(text[: m.start])]
    if into:
        return into[-1]
    for mention in mentions:
        if _HAN.match(text[mention.start]):
            continue
        if _QUALIFIES.match(text, mention.end) and text[mention.end :].strip():
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


def _unquoted(text: str) -> str:
    inner = text.strip()
    if len(inner) > 1 and inner[0] in _QUOTES and inner[-1] in _QUOTES:
        inner = inner[1:-1].strip()
    return inner

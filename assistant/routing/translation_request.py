"""Takes a request for a translation apart: the text, the language it is in, the one wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.core.skills import Params
from assistant.language.mentions import find_mentions
from assistant.language.names import find_language
from assistant.routing import wording
from assistant.routing.translation_languages import CODES, INTO, named_languages

_INSTRUCTION = 120  # characters; a longer line is text, not an instruction
_LONG = 600  # characters; in a longer line only the start is taken apart
_QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|«\s*([^»]+?)\s*»|「([^」]+)」|『([^』]+)』|„([^“”]+)[“”]|‘([^’]+)’"
    r"|(?<!\w)'(.+?)'(?!\w)"
)
_ORDER = re.compile(
    r"\W*(?:please |pls |(?:can|could|would) you (?:please )?|por favor,? |bitte |me )?"
    r"(?:translate(?: (?:this|that|it|the following|from|to|into|for me)\b|\s*[:\"“]|\s+\S)"
    r"|traduce\b|tradúceme\b|traduzca\b|traduza\b|traduz\b|übersetze?\b|traduis\b|traduisez\b)"
    r"|\W*(?:请|帮我|麻烦)*(?:翻译|翻成|译成|把.{1,200}翻?译|将.{1,200}译)",
    re.IGNORECASE,
)
_LEADING_CODE = re.compile(rf"(?:(?:to|into|para|auf|en)\s+)?({CODES})(?:-[A-Za-z]{2})?\s*[:：]")
_LEAD = re.compile("|".join(f"(?:{lead})" for lead in wording.LEADS), re.IGNORECASE)
_TAIL, _POLITE_TAIL = (
    re.compile("(?:" + "|".join(f"(?:{tail})" for tail in tails) + r")\s*$", re.IGNORECASE)
    for tails in (wording.TAILS, wording.POLITE_TAILS)
)
_EDGE = " \t\r\n,，.。;；:：!！?？¿¡-–—"


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
    if len(text) > _LONG and "\n" not in text:
        return _by_colon(text) or _by_head(text)
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
    languages = named_languages(around)
    payload = next(group for group in longest.groups() if group is not None)
    return Params(payload.strip(), languages.source, languages.target)


def _by_colon(text: str) -> Params | None:
    """ "into Portuguese: the train leaves at nine"."""
    for colon in re.finditer(r"[:：]", text[: _INSTRUCTION + 1]):
        before, after = text[: colon.start()], text[colon.end() :].strip()
        if _is_instruction(before):
            languages = named_languages(before)
            return Params(_unquoted(after) or None, languages.source, languages.target)
    return None


def _by_head(text: str) -> Params:
    """A long line: an order at its start, then text whose own words are not looked into."""
    if not _is_order(text):
        return Params(text)
    head = text[:_INSTRUCTION]
    languages = named_languages(head)
    return Params(_leadless(languages.rest) + text[len(head) :], languages.source, languages.target)


def _leadless(text: str) -> str:
    rest = text.lstrip(_EDGE)
    while (lead := _LEAD.match(rest)) and lead.end():
        rest = rest[lead.end() :].lstrip(_EDGE)
    return rest


def _by_what_remains(text: str) -> Params:
    """Strips the request from around the text: "how do you say … in spanish"."""
    languages = named_languages(text)
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
        marked = rest[:1] in (":", "：") and (not before or INTO.fullmatch(f"{before} ".casefold()))
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
    return says or any(INTO.search(lowered[: m.start]) for m in mentions) or len(mentions) > 1


def _unquoted(text: str) -> str:
    """Text without the one pair of quotation marks around all of it."""
    whole = _QUOTED.fullmatch(text.strip())
    return text.strip() if whole is None else next(g for g in whole.groups() if g is not None)

"""Reads labels and text out of a message that asks to classify, in six languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_LABELS = 200
"""That are looked at; whoever leaves some out says so."""
_INSTRUCTION = 300  # characters; a longer first line is text
_OR = re.compile(r",?\s+(?:or|ou|oder|o|u)\s+|\s*(?:还是|或者|或)\s*", re.IGNORECASE)
_AND = re.compile(r",?\s+(?:and|y|e|et|und)\s+|\s*[和与]\s*", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[,，、;/]\s*")
_COLON = re.compile(r"\s*(?:[?？]\s+)?[:：](?!//)\s*|\s*[?？]\s+(?=\S)|\s*？(?=\S)")
_NEGATION = re.compile(r"not|no|não|nao|nicht|non|pas", re.IGNORECASE)
_YES_OR_NO = re.compile(r"是不是(.{1,40})$")
_KEYWORD = re.compile(
    r".*(?:\b(?:as|into|in|to|among|between|of|whether|is|are|it|est-il|est-elle|est|es|é|ist|als"
    r"|como|entre|en|em|para|comme|parmi|unter|zu|si|se|ob)\s+|[是为成到属于]+)",
    re.IGNORECASE | re.DOTALL,
)
_ARTICLE = re.compile(
    r"^(?:an?|the|un[ae]?|uma?|una|el|la|le|les|der|die|das|eine?)\s+", re.IGNORECASE
)
_TRAILING = re.compile(r"[\s.?!？。！]+$")
_ASKS = re.compile(
    r"\b(?:classif\w*|categori[sz]\w*|label|labels|sort|tag|sentim\w*|categor\w+|klassifi\w*|ordne"
    r"|etiquet\w*|étiquet\w*|rotul\w*|class[ez]\w*|stimmung|clas\w*|einordnen)\b|分类|归类|标签|类别|情感|属于|判断",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks for; "" where the text is elsewhere, () where no labels are named."""

    labels: tuple[str, ...]
    text: str


def read_request(message: str) -> Asked:
    """Labels and text of a message.

    The text stands after a colon or on the lines after the first; labels are a choice ("a, b or
    c"), or a list after a colon or a word such as "into".
    """
    first, _, following = message.strip().partition("\n")
    if len(first) > _INSTRUCTION and not _COLON.search(first[:_INSTRUCTION]):
        return Asked((), message.strip())
    parts = _COLON.split(first)
    for count in range(len(parts), 0, -1):
        labels = _labels(parts[:count])
        if labels:
            rest = first[_end_of(first, count) :] if count < len(parts) else ""
            return Asked(labels, f"{rest}\n{following}".strip())
    rest = first[_end_of(first, 1) :] if len(parts) > 1 else ""
    return Asked((), f"{rest}\n{following}".strip())


def split_labels(text: str) -> tuple[str, ...]:
    """Labels of a list: "a, b, c"."""
    return _clean(_SEPARATOR.split(text))


def _end_of(line: str, count: int) -> int:
    """Where the text after the first `count` parts begins."""
    found = list(_COLON.finditer(line))
    return found[count - 1].end()


def _labels(parts: list[str]) -> tuple[str, ...]:
    """Labels that end an instruction, whose last part may be a list by itself."""
    last = _TRAILING.sub("", parts[-1])
    if len(parts) > 1 and _ASKS.search(parts[-2]) and len(last) < _INSTRUCTION:
        listed = _listed(last)
        if len(listed) > 1 and all(len(label.split()) <= 4 for label in listed):
            return listed
    if len(parts) > 1:
        return ()
    return _choice(last)


def _listed(text: str) -> tuple[str, ...]:
    """A bare list, whose last two may be joined by "or" or "and"."""
    pieces = [p for piece in _SEPARATOR.split(text) for p in _OR.split(piece)]
    return _clean([p for piece in pieces for p in _AND.split(piece)])


def _choice(text: str) -> tuple[str, ...]:
    """The choice at the end of a sentence. Its first member has as many words as the last, for
    a question has its subject before it ("is this review positive or negative")."""
    if asked := _YES_OR_NO.search(text):
        return (asked[1], f"不是{asked[1]}")
    if _OR.search(text) is None:
        if not _ASKS.search(text) or not _SEPARATOR.search(text):
            return ()
        pieces = _SEPARATOR.split(text)
        pieces = [*pieces[:-1], *_AND.split(pieces[-1])]
    else:
        pieces = [p for piece in _SEPARATOR.split(text) for p in _OR.split(piece)]
    first, *others = pieces
    keyword = _KEYWORD.match(first)
    first = first[keyword.end() :] if keyword else first
    words = first.split()
    most = min(len(other.split()) for other in others) if others else 1
    if _negated(others[-1]) and len(words) > most:
        most = max(1, most - 1)
    if len(words) > most:
        first = " ".join(words[-most:])
    if _NEGATION.fullmatch(others[-1]):
        others[-1] = f"{others[-1]} {first}"
    labels = _clean([first, *others])
    return labels if len(labels) > 1 else ()


def _negated(label: str) -> bool:
    """Whether a label is the denial of another ("not spam")."""
    head, _, rest = label.partition(" ")
    return bool(rest) and _NEGATION.fullmatch(head) is not None


def _clean(pieces: list[str]) -> tuple[str, ...]:
    bare = (_ARTICLE.sub("", _TRAILING.sub("", p).strip(" \"'“”‘’「」")) for p in pieces)
    return tuple(dict.fromkeys(label for label in bare if label))

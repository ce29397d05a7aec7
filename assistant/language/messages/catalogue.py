"""Finds how an English message is said in another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from assistant.language.messages.template import Hole, Template, parse

Pair = tuple[str, str]
"""A template in English and in the other language."""

LONGEST = 20_000
"""Characters; what is longer is no message."""
_MOST_SENTENCES = 12
_MOST_TRIES = 20_000
"""Templates compared for one text, messages in messages included: milliseconds."""
_DEEPEST = 4
_JOINT = re.compile(r"(?<=[.?!]) (?=[A-Z“`'\"a-z(/{\[0-9])")
"""Where a sentence may end and the next begin; a remedy may begin with a command."""
_CLOSED = tuple("。！？：；，、…）”")
_LIST_SIGN = "、"


@dataclass(slots=True)
class _Search:
    """What was found out about one text and the messages in it."""

    tries: int = 0
    known: dict[str, str | None] = field(default_factory=dict)


class Catalogue:
    """English templates and their counterparts, the most particular first.

    Args:
        pairs: of texts that are the same in English the first holds.
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._pairs = dict(reversed(list(pairs)))
        self._fixed = {
            _unbraced(english): _unbraced(other)
            for english, other in self._pairs.items()
            if "{" not in english.replace("{{", "")
        }

    def translate(self, text: str) -> str | None:
        """The text in the other language; None where it is not known.

        A text of several sentences may be several messages, each of which must be known.
        """
        if len(text) > LONGEST:
            return None
        return self._told(text.strip(), _Search(), 0)

    @cached_property
    def _by_beginning(self) -> Mapping[str, list[tuple[Template, str]]]:
        """Templates with holes by their first character; "" for those that begin with a hole."""
        found: dict[str, list[tuple[Template, str]]] = {}
        for english, other in self._pairs.items():
            template = parse(english)
            if template.holes:
                found.setdefault(template.literals[0][:1], []).append((template, other))
        for templates in found.values():
            templates.sort(key=lambda pair: -pair[0].weight)
        return found

    def _told(self, text: str, search: _Search, depth: int) -> str | None:
        if text in search.known:
            return search.known[text]
        search.known[text] = None  # a message in itself is none
        found = self._fixed.get(text)
        if found is None and depth <= _DEEPEST:
            found = self._in_sentences(text, search, depth) or self._filled(text, search, depth)
        search.known[text] = found
        return found

    def _in_sentences(self, text: str, search: _Search, depth: int) -> str | None:
        """Several messages, one after the other, each as short as it can be."""
        joints = [joint.start() for joint in _JOINT.finditer(text)]
        for joint in joints if len(joints) < _MOST_SENTENCES else ():
            first = self._one(text[:joint], search, depth)
            rest = self._told(text[joint + 1 :], search, depth) if first is not None else None
            if first is not None and rest is not None:
                return joined((first, rest))
        return None

    def _one(self, text: str, search: _Search, depth: int) -> str | None:
        return self._fixed.get(text) or self._filled(text, search, depth)

    def _filled(self, text: str, search: _Search, depth: int) -> str | None:
        """The text as one template with something in its holes."""
        for template, other in self._candidates(text):
            search.tries += 1
            if search.tries > _MOST_TRIES:
                return None
            values = template.match(text)
            if values is None:
                continue
            told = self._values(template.holes, values, search, depth + 1)
            if told is not None:
                return parse(other).fill(told)
        return None

    def _candidates(self, text: str) -> Iterable[tuple[Template, str]]:
        """Those that may fit: first those that begin like the text, for what begins with a hole
        would take in the beginning of another message ("Error: …"); then the most particular."""
        by_beginning = self._by_beginning
        return chain(by_beginning.get(text[:1], ()) if text else (), by_beginning.get("", ()))

    def _values(
        self, holes: Iterable[Hole], values: Mapping[str, str], search: _Search, depth: int
    ) -> dict[str, str] | None:
        told: dict[str, str] = {}
        for hole in holes:
            value = values[hole.name]
            if hole.kind == "list":
                items = (self._or_as_it_is(item, search, depth) for item in value.split(", "))
                told[hole.name] = _LIST_SIGN.join(items)
            elif hole.kind == "message":
                told[hole.name] = self._or_as_it_is(value, search, depth)
            elif hole.kind == "known":
                known = self._told(value.strip(), search, depth)
                if known is None:
                    return None
                told[hole.name] = known
            else:
                told[hole.name] = value
        return told

    def _or_as_it_is(self, text: str, search: _Search, depth: int) -> str:
        found = self._told(text.strip(), search, depth)
        return text if found is None else found


def _unbraced(text: str) -> str:
    """A template without holes as the text it stands for."""
    return text.replace("{{", "{").replace("}}", "}")


def joined(texts: Iterable[str]) -> str:
    """Texts one after the other, with a space except after a full-width sign."""
    whole = ""
    for text in texts:
        if whole and text:
            whole += text if whole.endswith(_CLOSED) else f" {text}"
        else:
            whole = whole or text
    return whole

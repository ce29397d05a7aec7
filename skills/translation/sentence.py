"""Translates one sentence so that everything in it that is no prose is still there afterwards.

The sentence is tried in one piece, for that reads best: with placeholders for what stays, and
without the marks of emphasis, links and elements, whose words are then looked for in the
translation. Whatever got lost is hidden too at a second attempt, and as a last resort the prose
between is translated piece by piece, which keeps everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from skills.translation.asks import Ask
from skills.translation.glossary import NO_GLOSSARY, Glossary
from skills.translation.masks import Masks, split
from skills.translation.needs import Needs
from skills.translation.nodes import Atom, Flat, Node, Span, flat, has_prose, original, parse
from skills.translation.patterns import LETTER, WIDE


@dataclass(slots=True)
class Report:
    """Sentences of a translation that a person should look at."""

    in_pieces: list[str] = field(default_factory=list)
    """Originals of those that had to be translated in pieces."""
    empty: list[str] = field(default_factory=list)
    """Those the translator gave nothing for; they stay untranslated."""


class SentenceTranslation:
    """Translates sentences, and remembers which of them came out badly."""

    def __init__(self, glossary: Glossary = NO_GLOSSARY) -> None:
        self._needs = Needs(glossary)
        self.report = Report()

    def translate(self, sentence: str) -> Ask[str]:
        """The sentence in the other language; white space around it stays."""
        core = sentence.strip()
        start = sentence.index(core)
        translated = yield from self._nodes(parse(core))
        return sentence[:start] + translated + sentence[start + len(core) :]

    def _nodes(self, nodes: tuple[Node, ...]) -> Ask[str]:
        if not has_prose(nodes):
            return original(nodes)
        before, nodes, after = _without_edges(nodes)
        if len(nodes) == 1 and isinstance(nodes[0], Span):
            core = yield from self._span(nodes[0])
        else:
            core = yield from self._within(nodes)
        return original(before) + core + original(after)

    def _within(self, nodes: tuple[Node, ...]) -> Ask[str]:
        if any(isinstance(node, Span) for node in nodes):
            located = yield from self._located(nodes)
            if located is not None:
                return located
        whole: list[str | Atom] = []
        for node in nodes:
            if isinstance(node, Span):
                shown = yield from self._span(node)
                whole.append(Atom(shown, ordered=True, source=original([node])))
            else:
                whole.append(node)
        return (yield from self._flat(tuple(whole)))

    def _span(self, span: Span) -> Ask[str]:
        return span.opening + (yield from self._nodes(span.inner)) + span.closing

    def _located(self, nodes: tuple[Node, ...]) -> Ask[str | None]:
        """The sentence without the marks of its spans, which are put around their words in the
        translation; None where something got lost or a span can't be found."""
        whole = flat(nodes)
        masks = Masks(whole)
        hidden = masks.hide(whole)
        spans = [node for node in nodes if isinstance(node, Span)]
        inner = [masks.hide(flat(span.inner)) for span in spans]
        asked = [text for text in inner if LETTER.search(text)]
        translated, *answers = yield [hidden, *asked]
        replies = dict(zip(asked, answers, strict=True))
        if not masks.kept(whole, translated) or self._needs.unmet(whole, translated):
            return None
        done, end = "", 0
        for span, text in zip(spans, inner, strict=True):
            found = _find(replies.get(text, text), translated, end)
            if found is None:
                return None
            words = translated[found[0] : found[1]]
            if any(isinstance(node, Span) for node in span.inner):
                words = yield from self._nodes(span.inner)
            done += translated[end : found[0]] + span.opening + words + span.closing
            end = found[1]
        return masks.restore(whole, done + translated[end:])

    def _flat(self, nodes: Flat) -> Ask[str]:
        if not has_prose(nodes):
            return original(nodes)
        first = yield from self._attempt(nodes)
        unmet = self._needs.unmet(nodes, first or "")
        if first is not None and not unmet:
            return first
        if unmet and (harder := split(nodes, unmet)) != nodes:
            second = yield from self._attempt(harder)
            if second is not None and not self._needs.unmet(harder, second):
                return second
        return (yield from self._in_pieces(nodes))

    def _attempt(self, nodes: Flat) -> Ask[str | None]:
        masks = Masks(nodes)
        (translated,) = yield [masks.hide(nodes)]
        if not translated.strip() or not masks.kept(nodes, translated):
            return None
        return masks.restore(nodes, translated)

    def _in_pieces(self, nodes: Flat) -> Ask[str]:
        """What is between the atoms, each by itself; then once more around what got lost."""
        empty = len(self.report.empty)
        joined = yield from self._pieces(nodes)
        if unmet := self._needs.unmet(nodes, joined):
            joined = yield from self._pieces(split(nodes, unmet))
        if joined != original(nodes) or len(self.report.empty) == empty:
            self.report.in_pieces.append("".join(_said(node) for node in nodes))
        return joined

    def _pieces(self, nodes: Flat) -> Ask[str]:
        wanted = [" ".join(n.split()) for n in nodes if isinstance(n, str) and LETTER.search(n)]
        replies = iter((yield wanted) if wanted else ())
        parts: list[str] = []
        for node in nodes:
            if isinstance(node, Atom):
                parts.append(node.shown)
            elif LETTER.search(node):
                parts.append(self._piece(node, next(replies)))
            else:
                parts.append(node)
        return "".join(parts)

    def _piece(self, text: str, translated: str) -> str:
        core = text.strip()
        if not translated.strip():
            self.report.empty.append(core)
            return text
        start = text.index(core)
        return text[:start] + translated.strip() + text[start + len(core) :]


def _without_edges(
    nodes: tuple[Node, ...],
) -> tuple[tuple[Node, ...], tuple[Node, ...], tuple[Node, ...]]:
    """Emoji, lone tags and white space at either end apart from the rest."""
    start, end = 0, len(nodes)
    while start < end and _is_edge(nodes[start]):
        start += 1
    while end > start and _is_edge(nodes[end - 1]):
        end -= 1
    before, core, after = nodes[:start], nodes[start:end], nodes[end:]
    if core and isinstance(core[0], str):
        head = core[0]
        before = (*before, head[: len(head) - len(head.lstrip())])
        core = (head.lstrip(), *core[1:])
    if core and isinstance(core[-1], str):
        tail = core[-1]
        after = (tail[len(tail.rstrip()) :], *after)
        core = (*core[:-1], tail.rstrip())
    return before, core, after


def _said(node: str | Atom) -> str:
    return node if isinstance(node, str) else node.source or node.shown


def _is_edge(node: Node) -> bool:
    return not node.strip() if isinstance(node, str) else isinstance(node, Atom) and node.edge


def _find(words: str, text: str, start: int) -> tuple[int, int] | None:
    """The one place after `start` where words stand in a text, whatever their case."""
    words = words.strip(" .,;:!?。，；：！？")
    if not words:
        return None
    pattern = re.escape(words)
    if WIDE.search(words) is None:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    found = list(re.finditer(pattern, text[start:], re.IGNORECASE))
    return (start + found[0].start(), start + found[0].end()) if len(found) == 1 else None

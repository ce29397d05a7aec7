"""What `assistant route` prints: a choice, why it was made, how corrections change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from assistant.cli.speaking import speech, told
from assistant.core.events import Explained
from assistant.core.routing import Change, Counterfactual, Seen, Sign
from assistant.core.skills import Route
from assistant.core.text import one_line

if TYPE_CHECKING:
    from assistant.routing.validation import Comparison, Validation

_SIGNS: Mapping[Sign, str] = {
    "command": "the command /{}",
    "step": "a request for {}",
    "image": "images: {}",
    "file": "files: {}",
    "pasted": "attached texts: {}",
    "correction": "your correction of {}",
    "previous": "the message before, for {}",
    "language": "a language or country: {}",
    "translate": "a word for translating: {}",
    "say": "a word for saying: {}",
    "word": "asks for a word: {}",
    "question": "a question: {}",
    "document": "a word for documents: {}",
    "own": "points to a source: {}",
    "picture": "a word for pictures: {}",
    "assistant": "speaks to the assistant: {}",
    "switch": "a change of language: {}",
    "topic": "a language as a topic: {}",
    "quoted": "a quotation",
}
_CHANGES: Mapping[Change, str] = {
    "without_words": "without “{}”",
    "without_image": "without the image",
    "without_correction": "without your correction",
    "without_previous": "without the message before",
    "with_documents": "with documents indexed",
    "without_documents": "without documents indexed",
    "with_evidence": "with strong evidence in the documents",
    "without_evidence": "without the evidence in the documents",
}


def route_line(route: Route) -> str:
    """The choice in one line."""
    doubt = f"  {told('(unsure)')}" if route.unsure else ""
    return f"{route.skill}  {route.score:.0%}  {one_line(told(route.reason))}{doubt}"


def explanation_lines(explained: Explained) -> Iterator[str]:
    """Why it was chosen, and what would have changed it."""
    routed = explained.routed
    yield f"{told('lead over the next')}  {routed.margin:.0%}"
    for other in routed.alternatives:
        yield f"  {other.skill:10} {other.score:.0%}"
    yield from _listed("seen", map(_sign, explained.seen))
    if explained.evidence is not None:
        yield told(f"the documents answer it with probability {explained.evidence:.0%}")
    yield from _listed("most like it", _neighbours(explained))
    yield from _listed("what would have changed it", map(_change, explained.counterfactuals))


def comparison_lines(validation: Validation) -> Iterator[str]:
    """Before and after the corrections, group by group, and the verdict."""
    yield f"corrections: {validation.corrections}"
    for title, groups in (("examples held out", validation.examples), ("file", validation.cases)):
        if groups:
            yield f"{title:20}{'messages':>9}{'before':>9}{'after':>9}"
            yield from map(_comparison, groups)
    if not validation.corrections:
        yield told("There are no corrections to judge.")
    elif validation.hurt:
        names = ", ".join(group.group for group in validation.hurt)
        yield told(f"The corrections hurt: {names}. assistant route corrections lists them.")
    else:
        yield told("The corrections do no harm.")


def _comparison(group: Comparison) -> str:
    mark = "  worse" if group.hurt else ""
    shares = f"{group.before:9.1%}{group.after:9.1%}"
    return f"  {one_line(group.group, 17):18}{group.count:9,}{shares}{mark}"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield told(f"{title}:")
        yield from (f"  {line}" for line in found)


def _sign(seen: Seen) -> str:
    return told(_SIGNS[seen.sign].format(one_line(seen.words, 60)))


def _neighbours(explained: Explained) -> Iterator[str]:
    for near in explained.neighbours:
        own = f" {told('(yours)')}" if near.corrected else ""
        text = one_line(near.text, 90)
        yield f"{near.similarity:.3f} {near.skill:10} {near.language:3} {text}{own}"


def _change(found: Counterfactual) -> str:
    change = told(_CHANGES[found.change].format(one_line(found.words, 60)))
    return speech().named(change, f"{found.skill} {found.score:.0%}")

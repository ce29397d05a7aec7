"""Checks a written sentence against quotes: supported, partly, or not supported.

Words, numbers, names, negation and meaning are compared; nothing is inferred. A sentence that is
true but in none of the quotes is not supported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.language.sentences import split_sentences
from assistant.language.terms import terms
from skills.foreign import is_wide
from skills.question_terms import Forms, matched_forms, telling_terms

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder

Verdict = Literal["supported", "partly", "unsupported"]

SUPPORTED, PARTLY = 0.75, 0.4
"""Coverage asked for. Statements made of questions and answers have 1.0 (nineteen of twenty), the
same with a wrong answer 0; what is between is wording of the claim's own."""
WIDE_SUPPORTED, WIDE_PARTLY = 0.5, 0.3
"""The same for Chinese, where pairs of characters at the seams of a sentence are its own."""
COSINE = 0.81
"""Asked for beside coverage; nineteen of twenty right statements have more."""
FOREIGN_COSINE = 0.81
"""Asked for where claim and quotes are in different scripts. There a wrong name can't be told
(AUROC of the cosine .84 for zh over en, .90 for en over zh), so nothing is more than partly
supported."""

CITATION = re.compile(r"\s*[\[【]\s*(\d{1,2}(?:\s*[,，、;]\s*\d{1,2})*)\s*[\]】]")
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f' ]\d{3})*(?:[.,]\d+)?")
_NAME = re.compile(r"(?<=[\w,;:’'\"“(] )[A-Z][\w’'-]+|(?<=[\u4e00-\u9fff])[A-Za-z][\w-]+")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|\w+n['’]t"
    r"|nunca|jamás|ning[uú]n\w*|não|jamais|nenhum\w*|nicht|kein\w*|nie|niemals|ne|n['’]\w+|aucun\w*)\b"
    r"|不(?![仅断同过久少但只管论足])|没有?|无法|并非|未(?![来必婚])|从未|否认",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Support:
    """How much of a claim stands in quotes."""

    coverage: float
    """Share of the claim's telling terms that the quotes hold, in [0, 1]."""
    cosine: float | None
    """With the nearest sentence of the quotes; None without an embedder."""
    numbers: bool
    """Whether every number is in the quotes or the question."""
    names: bool
    negated: bool
    """Whether exactly one of claim and nearest sentence says no."""
    wide: bool
    """Whether the claim is in a script without spaces."""
    foreign: bool
    """Whether the quotes are in scripts of another kind."""


class SupportChecker:
    """Checks sentences against the same quotes.

    Args:
        quotes: texts in their order; citation [1] means the first.
        question: what it names may be named in the answer.
        embedder: compares meaning; without one, words alone decide.
    """

    def __init__(self, quotes: Sequence[str], question: str, embedder: Embedder | None) -> None:
        self._quotes = [_Quote(quote, embedder) for quote in quotes]
        self._question = matched_forms(question)
        self._numbers = _numbers(question)
        self._embedder = embedder

    def check(self, sentence: str) -> Verdict:
        """The verdict on the quotes the sentence cites, or on all where it cites none; one that
        only other quotes support is supported partly."""
        claim = CITATION.sub("", sentence).strip()
        cited = [self._quotes[n - 1] for n in citations(sentence) if 0 < n <= len(self._quotes)]
        whole = verdict(self.measure(claim, self._quotes))
        if not cited:
            return whole if not citations(sentence) else _at_most_partly(whole)
        own = verdict(self.measure(claim, cited))
        return own if own == "supported" else _better(own, _at_most_partly(whole))

    def measure(self, claim: str, quotes: Sequence[_Quote]) -> Support:
        """The figures of a claim without its citations."""
        held = frozenset[str]().union(*(quote.forms for quote in quotes))
        numbers = frozenset[str]().union(self._numbers, *(quote.numbers for quote in quotes))
        forms = Forms(held | self._question)
        cosine, nearest = self._nearest(claim, quotes)
        foreign = bool(quotes) and all(is_wide(claim) != is_wide(q.text) for q in quotes)
        return Support(
            coverage=self._coverage(claim, held),
            cosine=cosine,
            numbers=_numbers(claim) <= numbers,
            names=foreign
            or all(term in forms for name in _NAME.findall(claim) for term in terms(name)),
            negated=bool(_NEGATION.search(claim)) != bool(_NEGATION.search(nearest)),
            wide=is_wide(claim),
            foreign=foreign,
        )

    def _coverage(self, claim: str, held: frozenset[str]) -> float:
        """Of the terms the question does not hold already, of all where there are no others;
        numbers are compared for themselves, and may be all that is new."""
        new = telling_terms(claim) - self._question or telling_terms(claim)
        own = frozenset(t for t in new if not t[0].isdigit())
        forms = Forms(held)
        return sum(term in forms for term in own) / len(own) if own else 1.0

    def _nearest(self, claim: str, quotes: Sequence[_Quote]) -> tuple[float | None, str]:
        sentences = [(s, vector) for q in quotes for s, vector in q.sentences]
        if self._embedder is None or not sentences:
            own = telling_terms(claim)
            best = max(sentences, key=lambda s: len(own & matched_forms(s[0])), default=("", None))
            return None, best[0]
        vector = self._embedder.embed_documents([claim])[0]
        scored = [(float(v @ vector), s) for s, v in sentences if v is not None]
        return max(scored, default=(None, ""))


class _Quote:
    """A quote, taken apart once."""

    def __init__(self, text: str, embedder: Embedder | None) -> None:
        self.text = text
        self.forms = matched_forms(text)
        self.numbers = _numbers(text)
        pieces = [text[a:b] for a, b in split_sentences(text)] or [text]
        vectors = [None] * len(pieces) if embedder is None else embedder.embed_documents(pieces)
        self.sentences = list(zip(pieces, vectors, strict=True))


def verdict(support: Support) -> Verdict:
    """What the figures say; thresholds from `python -m benchmarks.qa_support`."""
    if not support.numbers or not support.names or support.negated:
        return "unsupported"
    if support.foreign:
        return "partly" if (support.cosine or 0.0) >= FOREIGN_COSINE else "unsupported"
    cosine = 1.0 if support.cosine is None else support.cosine
    enough, some = (WIDE_SUPPORTED, WIDE_PARTLY) if support.wide else (SUPPORTED, PARTLY)
    if support.coverage < some:
        return "unsupported"
    return "supported" if support.coverage >= enough and cosine >= COSINE else "partly"


def citations(sentence: str) -> list[int]:
    """Numbers a sentence cites, in order: `… [1][3]` or `… [1, 3]`."""
    return [int(n) for found in CITATION.finditer(sentence) for n in re.findall(r"\d+", found[1])]


def _numbers(text: str) -> frozenset[str]:
    """Numbers of a text, their separators of thousands left out."""
    return frozenset(
        re.sub(r"[.,\u00a0\u202f' ](?=\d{3}(?:\D|$))", "", n) for n in _NUMBER.findall(text)
    )


def _better(one: Verdict, other: Verdict) -> Verdict:
    order: tuple[Verdict, ...] = ("unsupported", "partly", "supported")
    return max(one, other, key=order.index)


def _at_most_partly(found: Verdict) -> Verdict:
    return "partly" if found == "supported" else found

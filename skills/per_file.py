"""Gathers evidence file by file: which files speak of a topic, and how surely."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.documents import Candidate, Retrieval
from skills.evidence import terms_coverage
from skills.foreign import is_foreign, is_wide
from skills.glossing.concepts import Glosses, GlossWeights
from skills.quotes import Sentence, rank_sentences

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder

POOL = 60
"""Chunks retrieved for a list."""
CHUNKS = 2
"""Of one file at most."""
MOST_FILES = 20
"""Files looked into, the best first: of each some 5 sentences are compared, 4 ms a sentence."""
_SENTENCES = 6
QUOTES = 2
"""Sentences quoted of a file."""
FILE_THRESHOLD = 0.5
"""A file is listed when it speaks of the topic more likely than not: on held-out articles of XQuAD
that lists .99 (en, zh) of the right files and one wrong one in 11 (en) or 5 (zh) topics."""
FOREIGN_FILE_THRESHOLD = 0.8
"""For files in another language than the topic, of which less can be known."""


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """What one file holds on a topic."""

    cosine: float
    """Highest cosine of a passage with the topic."""
    coverage: float
    """Highest weighted share of the topic's telling terms in a passage."""
    sentence_cosine: float
    sentence_coverage: float
    foreign: bool
    glossed: bool = False
    """Whether the shares are of the topic in the file's language, by the dictionary."""


@dataclass(frozen=True, slots=True)
class FileModel:
    """A logistic model: weights of the fields of `FileEvidence`."""

    bias: float
    cosine: float
    coverage: float
    sentence_cosine: float
    sentence_coverage: float


# Fitted by `python -m benchmarks.qa_lists --fit` on half of XQuAD (CC BY-SA 4.0), en and zh: the
# telling words of each question as a topic, a file an article; the file with the passage against
# the files next best, those that hold every word left out.
FILE_MODEL = FileModel(-102.664, 26.567, 15.698, 87.614, 10.538)
FOREIGN_FILE_MODEL = FileModel(-89.883, 71.159, 9.587, 44.426, 4.725)
GLOSSED_FILE_MODEL = FileModel(-97.596, 58.817, 1.815, 58.658, 9.683)


@dataclass(frozen=True, slots=True)
class FileFinding:
    """A file, its best sentences, and the probability in [0, 1] that it speaks of the topic."""

    path: str
    sentences: Sequence[Sentence]
    evidence: FileEvidence
    confidence: float

    @property
    def speaks(self) -> bool:
        """Whether the file is to be listed."""
        return self.confidence >= (
            FOREIGN_FILE_THRESHOLD if self.evidence.foreign else FILE_THRESHOLD
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """The files found for a topic, surest first, those that don't speak of it included."""

    topic: str
    found: Retrieval
    files: Sequence[FileFinding]

    @property
    def confidence(self) -> float:
        """That at least the surest file speaks of it."""
        return self.files[0].confidence if self.files else 0.0

    @property
    def speaking(self) -> list[FileFinding]:
        """The files to list."""
        return [file for file in self.files if file.speaks]


def judge_files(
    topic: str,
    candidates: Sequence[Candidate],
    embedder: Embedder | None,
    detect_language: Callable[[str], str],
    glosses: Glosses | None = None,
) -> list[FileFinding]:
    """Every file among the candidates with what it holds on a topic, surest first.

    Args:
        glosses: the topic in the words of another language, where a dictionary has them.
    """
    foreign = is_foreign(topic, candidates, detect_language)
    others = [c for c in candidates if is_wide(c.text) != is_wide(topic)]
    told = None
    if glosses is not None and others and detect_language(others[0].text) == glosses.language:
        told = GlossWeights(glosses, [c.text for c in others]).coverage
    shares = terms_coverage(topic, candidates)
    found = []
    for path in list(dict.fromkeys(c.path for c in candidates))[:MOST_FILES]:
        own = [c for c in candidates if c.path == path][:CHUNKS]
        glossed = told if own[0] in others else None
        sentences = rank_sentences(topic, own, embedder, CHUNKS, _SENTENCES, glossed)
        covers = glossed or shares
        evidence = FileEvidence(
            cosine=max((c.dense for c in own if c.dense is not None), default=0.0),
            coverage=max(covers(c.text) for c in own),
            sentence_cosine=max((s.cosine or 0.0 for s in sentences), default=0.0),
            sentence_coverage=max((covers(s.text) for s in sentences), default=0.0),
            foreign=foreign or own[0] in others,
            glossed=glossed is not None,
        )
        found.append(FileFinding(path, sentences, evidence, _confidence(evidence)))
    return sorted(found, key=lambda f: -f.confidence)


def _model(evidence: FileEvidence) -> FileModel:
    if evidence.glossed:
        return GLOSSED_FILE_MODEL
    return FOREIGN_FILE_MODEL if evidence.foreign else FILE_MODEL


def _confidence(evidence: FileEvidence) -> float:
    if evidence.sentence_cosine == 0.0:  # no embedder: every telling word, or nearly
        return evidence.coverage**2
    model = _model(evidence)
    score = (
        model.bias
        + model.cosine * evidence.cosine
        + model.coverage * evidence.coverage
        + model.sentence_cosine * evidence.sentence_cosine
        + model.sentence_coverage * evidence.sentence_coverage
    )
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))

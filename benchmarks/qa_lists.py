"""Measures lists ("which of my files mention …?").

`python -m benchmarks.qa_lists --models DIR --data DIR`.

Topics are the telling words of XQuAD's questions in their order; files are articles. The file with
the passage the question was made for should be listed, other files should not. Files that hold
every telling word of the topic speak of it too, whatever the question was made for; they are left
out of the count. Printed, by language of topic → files, with models fitted on other articles: the
share of right files listed, wrong files listed a topic, and the AUROC. `--fit` prints the
constants for `skills/per_file.py`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np

from assistant.language.terms import spans_of_terms
from benchmarks.qa import (
    LANGUAGES,
    Bench,
    Row,
    read_arguments,
    read_rows,
    remembering_embedder,
)
from benchmarks.qa_calibration import FOLDS, Flags, Floats, auroc, fit
from skills.per_file import (
    FILE_THRESHOLD,
    FOREIGN_FILE_THRESHOLD,
    FileEvidence,
)
from skills.question_terms import matched_form, matched_forms, telling_terms

_FIELDS = ("cosine", "coverage", "sentence_cosine", "sentence_coverage")
_FEWEST_TERMS = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """A topic and a file: whether it should be listed."""

    pair: str
    article: str
    question: str
    """The topic was made of."""
    right: bool
    evidence: FileEvidence


def topic_of(question: str) -> str:
    """The telling words of a question in their order; "" where there are too few."""
    telling = telling_terms(question)
    pieces: list[str] = []
    last = 0
    for term, start, end in spans_of_terms(question):
        if matched_form(term) in telling and end > last:
            joined = start < last
            pieces.append(question[max(start, last) : end] if joined else f" {question[start:end]}")
            last = end
    return "".join(pieces).strip() if len(telling) >= _FEWEST_TERMS else ""


def collect(
    bench: Bench, rows: Sequence[Row], asking: Sequence[Row], pair: str
) -> Iterator[Sample]:
    """Every topic with the files found for it."""
    index = bench.index(rows)
    texts = {r.article: " ".join(o.passage for o in rows if o.article == r.article) for r in rows}
    bags = {article: matched_forms(text) for article, text in texts.items()}
    for row in asking:
        for question, _ in row.questions:
            topic = topic_of(question)
            if not topic:
                continue
            for file in bench.search(index).list_files(topic).files:
                article = PurePath(file.path).stem
                right = article == row.article.replace("/", "_")
                if not right and telling_terms(topic) <= bags.get(article, frozenset()):
                    continue
                yield Sample(pair, row.article, f"{row.id} {question}", right, file.evidence)


def report(samples: Sequence[Sample]) -> None:
    """Print the figures, by pair."""
    scores = _held_out(samples)
    for pair in dict.fromkeys(s.pair for s in samples):
        taken = np.array([s.pair == pair for s in samples])
        right = np.array([s.right for s in samples])
        foreign = np.array([s.evidence.foreign for s in samples])
        listed = scores >= np.where(foreign, FOREIGN_FILE_THRESHOLD, FILE_THRESHOLD)
        topics = len({(s.article, s.question) for s in samples if s.pair == pair})
        right_listed = listed[taken & right].sum() / topics
        print(
            f"{pair}: {topics} topics, right file listed {right_listed:.3f}, "
            f"wrong files listed a topic {listed[taken & ~right].sum() / topics:.3f}, "
            f"AUROC {auroc(scores[taken], right[taken]):.4f}"
        )


def kind_of(sample: Sample) -> str:
    """Which model judges the file."""
    if sample.evidence.glossed:
        return "glossed"
    return "foreign" if sample.evidence.foreign else "own"


def _features(samples: Sequence[Sample]) -> Floats:
    return np.array([[getattr(s.evidence, f) for f in _FIELDS] for s in samples])


def _held_out(samples: Sequence[Sample]) -> Floats:
    articles = sorted({s.article for s in samples})
    article = np.array([s.article for s in samples])
    kinds = np.array([kind_of(s) for s in samples])
    right: Flags = np.array([s.right for s in samples])
    features = _features(samples)
    scores = np.zeros(len(samples))
    for fold in range(FOLDS):
        held = np.isin(article, articles[fold::FOLDS])
        for kind in dict.fromkeys(kinds[held]):
            own = kinds == kind
            bias, weights = fit(features[own & ~held], right[own & ~held])
            raw = bias + features[own & held] @ weights
            scores[own & held] = 1 / (1 + np.exp(-raw))
    return scores


def main() -> None:
    """Run the measurement; three minutes on two cores."""
    arguments = read_arguments(__doc__, fit="print the constants")
    embedder = remembering_embedder(arguments.models)
    rows = {language: read_rows(arguments.data, language) for language in LANGUAGES}
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), embedder)
        for documents in rows:
            for topics in rows:
                pair = f"{topics}→{documents}"
                samples += collect(bench, rows[documents], rows[topics], pair)
    report(samples)
    if arguments.fit:
        for kind in dict.fromkeys(map(kind_of, samples)):
            own = [s for s in samples if kind_of(s) == kind]
            bias, weights = fit(_features(own), np.array([s.right for s in own]))
            print(f"{kind}: {bias:.3f}, {', '.join(f'{w:.3f}' for w in weights)}")


if __name__ == "__main__":
    main()

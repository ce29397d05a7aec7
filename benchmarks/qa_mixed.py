"""Measures collections in two languages: `python -m benchmarks.qa_mixed --models DIR --data DIR`.

Thirds: a third of XQuAD's articles is indexed in English, a third in Chinese, a third not at all;
every question is asked in both languages, in three turns, so that each article takes each part.
Few: all but a sixth of the articles are in the language of the questions, a sixth is in the other
one, and a sixth nowhere, in six turns. Printed, by language of the question and whether its article
is there in that language, in the other one, or not: the share answered, and of those that can be,
right passage first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.qa import (
    LANGUAGES,
    Bench,
    Row,
    overlaps,
    read_arguments,
    read_rows,
    remembering_embedder,
)
from skills.evidence import THRESHOLD

THIRDS, SIXTHS = 3, 6
Rows = Mapping[str, list[Row]]

Answers = dict[tuple[str, str], list[tuple[bool, bool]]]
"""Whether answered, and whether from the right passage, by asking language and that of the
article, "" where it is not indexed."""


def measure_thirds(bench: Bench, rows: Rows) -> None:
    """Print the figures of as many documents in one language as in the other."""
    answers: Answers = {}
    articles = sorted({r.article for r in rows["en"]})
    for turn in range(THIRDS):
        english, chinese = (set(articles[(turn + n) % THIRDS :: THIRDS]) for n in range(2))
        parts = {"en": english, "zh": chinese}
        for asking in LANGUAGES:
            _ask(bench, rows, parts, asking, articles, answers)
    _print("thirds", answers)


def measure_few(bench: Bench, rows: Rows) -> None:
    """Print the figures of a few documents in the other language among many in one's own."""
    answers: Answers = {}
    articles = sorted({r.article for r in rows["en"]})
    for asking, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        for turn in range(SIXTHS):
            few, none, asked = (set(articles[(turn + n) % SIXTHS :: SIXTHS]) for n in range(3))
            parts = {asking: set(articles) - few - none, other: few}
            _ask(bench, rows, parts, asking, sorted(few | none | asked), answers)
    _print("few", answers)


def _ask(
    bench: Bench,
    rows: Rows,
    parts: Mapping[str, Collection[str]],
    asking: str,
    about: Collection[str],
    answers: Answers,
) -> None:
    """Index the articles of each language, and ask the questions about some articles."""
    index = bench.index(
        [
            replace(row, article=f"{row.article} {language}")
            for language, articles in parts.items()
            for row in rows[language]
            if row.article in articles
        ]
    )
    passages = {(language, r.id): r for language in LANGUAGES for r in rows[language]}
    for row in (r for r in rows[asking] if r.article in about):
        language = next((n for n, articles in parts.items() if row.article in articles), "")
        for question, _ in row.questions:
            judged = bench.ask(index, question)
            right = bool(language) and overlaps(judged.candidates[0], passages[language, row.id])
            answered = judged.confidence >= THRESHOLD
            answers.setdefault((asking, language), []).append((answered, right))


def _print(name: str, answers: Answers) -> None:
    for (asking, language), told in sorted(answers.items(), reverse=True):
        answered, first = np.mean(told, axis=0)
        where = f"over {language}" if language else "about what is absent"
        right = f", right passage first {first:.3f}" if language else ""
        print(
            f"{name}: {asking} {where}: {len(told)} questions, answered {answered:.3f}{right}",
            flush=True,
        )


def main() -> None:
    """Run the measurement; five minutes on two cores."""
    arguments = read_arguments(__doc__)
    embedder = remembering_embedder(arguments.models)
    rows = {language: read_rows(arguments.data, language) for language in LANGUAGES}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), embedder)
        measure_thirds(bench, rows)
        measure_few(bench, rows)


if __name__ == "__main__":
    main()

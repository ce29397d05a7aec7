"""Measures collections in two languages: `python -m benchmarks.qa_mixed --models DIR --data DIR`.

A third of XQuAD's articles is indexed in English, a third in Chinese, a third not at all; every
question is asked in both languages. Printed, by language of the question and whether its article
is there in that language, in the other one, or not: the share answered, and of those that can be,
right passage first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
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


def measure(bench: Bench, rows: dict[str, list[Row]]) -> None:
    """Print the figures."""
    articles = sorted({r.article for r in rows["en"]})
    parts = {"en": set(articles[0::3]), "zh": set(articles[1::3]), "": set(articles[2::3])}
    indexed = [
        replace(row, article=f"{row.article} {language}")
        for language in LANGUAGES
        for row in rows[language]
        if row.article in parts[language]
    ]
    index = bench.index(indexed)
    passages = {(language, r.id): r for language in LANGUAGES for r in rows[language]}
    for asking in LANGUAGES:
        for language, part in parts.items():
            answered: list[bool] = []
            first: list[bool] = []
            for row in (r for r in rows[asking] if r.article in part):
                for question, _ in row.questions:
                    judged = bench.ask(index, question)
                    answered.append(judged.confidence >= THRESHOLD)
                    if language:
                        gold = passages[language, row.id]
                        first.append(overlaps(judged.candidates[0], gold))
            _print(asking, language, answered, first)


def _print(asking: str, language: str, answered: Sequence[bool], first: Sequence[bool]) -> None:
    where = f"over {language}" if language else "about what is absent"
    right = f", right passage first {np.mean(first):.3f}" if first else ""
    print(
        f"{asking} {where}: {len(answered)} questions, answered {np.mean(answered):.3f}{right}",
        flush=True,
    )


def main() -> None:
    """Run the measurement; a minute on two cores."""
    arguments = read_arguments(__doc__)
    embedder = remembering_embedder(arguments.models)
    rows = {language: read_rows(arguments.data, language) for language in LANGUAGES}
    with tempfile.TemporaryDirectory() as folder:
        measure(Bench(Path(folder), embedder), rows)


if __name__ == "__main__":
    main()

"""Measures collections in two languages: `python -m benchmarks.qa_mixed --models DIR --data DIR`.

A third of XQuAD's articles is indexed in English, a third in Chinese, a third not at all; every
question is asked in both languages. Printed, by language of the question and whether its article
is there in that language, in the other one, or not: the share answered, and of those that can be,
right passage first.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.qa import (
    EMBEDDER,
    LANGUAGES,
    Bench,
    RememberingEmbedder,
    Row,
    overlaps,
    read_rows,
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
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--models", type=Path, required=True, help="the cache's models folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of xquad-*.LANG.jsonl")
    arguments = parser.parse_args()

    from assistant.models.onnx_embedder import OnnxEmbedder

    embedder = RememberingEmbedder(
        OnnxEmbedder(arguments.models / EMBEDDER, name=EMBEDDER, threads=0, batch_size=16)
    )
    rows = {language: read_rows(arguments.data, language) for language in LANGUAGES}
    with tempfile.TemporaryDirectory() as folder:
        measure(Bench(Path(folder), embedder), rows)


if __name__ == "__main__":
    main()

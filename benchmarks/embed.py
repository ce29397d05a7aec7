"""Speed of the embedder: load, passages a second, milliseconds a question.

    python -m benchmarks.embed --models DIR [--texts FILE]

DIR holds a folder for each model. FILE has a passage a line, or JSON lines with a `passage`
(and `questions`) as in the XQuAD files; without it passages are made up, of like length.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from assistant.models.onnx_embedder import OnnxEmbedder

SYLLABLES = ("ka", "lo", "mi", "ner", "ta", "vel", "o", "sti", "ran", "du", "pe", "shi")
WORDS = 110
"""In a made-up passage; XQuAD's have about as many."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Speed of the embedder.")
    parser.add_argument("--models", type=Path, required=True, help="folder of models")
    parser.add_argument("--model", default="multilingual-e5-small")
    parser.add_argument("--texts", type=Path, help="passages to embed")
    parser.add_argument("--threads", type=int, default=0, help="0: one a physical core")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--count", type=int, default=100, help="passages, and questions")
    options = parser.parse_args(arguments)
    passages, questions = read_texts(options.texts) if options.texts else invent(options.count)
    passages, questions = passages[: options.count], questions[: options.count]

    started = time.perf_counter()
    embedder = OnnxEmbedder(
        options.models / options.model,
        name=options.model,
        threads=options.threads,
        batch_size=options.batch_size,
    )
    loaded = time.perf_counter() - started
    embedder.embed_documents(passages[: options.batch_size])  # warms up

    started = time.perf_counter()
    embedder.embed_documents(passages)
    seconds = time.perf_counter() - started
    tokens = sum(min(n, embedder.max_tokens) for n in embedder.count_tokens(passages))
    waits = [timed(embedder, question) for question in questions]
    rows = {
        "import and load, s": loaded,
        "passages": len(passages),
        "tokens a passage": tokens / len(passages),
        "passages a second": len(passages) / seconds,
        "tokens a second": tokens / seconds,
        "one question, ms (median)": median(waits) * 1000,
    }
    for label, value in rows.items():
        print(f"{label:28} {value:10.2f}")


def timed(embedder: OnnxEmbedder, question: str) -> float:
    """Seconds for one question."""
    started = time.perf_counter()
    embedder.embed_queries([question])
    return time.perf_counter() - started


def read_texts(path: Path) -> tuple[list[str], list[str]]:
    """Passages and questions of a file; where it has no questions, the passages' beginnings."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if not lines[0].startswith("{"):
        return lines, [line[:60] for line in lines]
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    questions = [q["question"] for row in rows for q in row.get("questions", [])]
    passages = [str(row["passage"]) for row in rows]
    return passages, questions or [passage[:60] for passage in passages]


def invent(count: int) -> tuple[list[str], list[str]]:
    """Made-up passages and questions, always the same."""
    draw = random.Random(0)  # noqa: S311 - no secret

    def words(number: int) -> str:
        return " ".join(
            "".join(draw.choices(SYLLABLES, k=draw.randint(1, 4))) for _ in range(number)
        )

    return [words(WORDS) for _ in range(count)], [words(10) for _ in range(count)]


if __name__ == "__main__":
    main()

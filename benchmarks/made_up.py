"""Texts and vectors made up for benchmarks, always the same."""

from __future__ import annotations

import html
import random
import re
import zlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np

from assistant.core.protocols import Vectors

_SYLLABLES = ("ka", "lo", "mi", "ner", "ta", "vel", "o", "sti", "ran", "du", "pe", "shi")
_CHARACTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
_VOCABULARY = 20_000


def never() -> bool:
    """Nobody cancels."""
    return False


class MadeUpEmbedder:
    """Random unit vectors, one a text, by the text's checksum."""

    def __init__(self, name: str, dimension: int = 384) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = 512

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit rows [n, d]."""
        rows = [self._row(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    embed_queries = embed_documents

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """A quarter of the characters."""
        return [len(text) // 4 for text in texts]

    def _row(self, text: str) -> Vectors:
        draw = np.random.default_rng(zlib.crc32(text.encode()))
        row = draw.standard_normal(self.dimension, dtype=np.float32)
        unit: Vectors = row / np.linalg.norm(row)
        return unit


class Writer:
    """Prose whose words come as often as words of real texts do (Zipf's law)."""

    def __init__(self, seed: int = 0) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - no secret
        self._words = [self._word() for _ in range(_VOCABULARY)]
        self._weights = [1 / rank for rank in range(1, _VOCABULARY + 1)]

    def paragraph(self) -> str:
        """Three to eight English-looking sentences."""
        return " ".join(self._sentence() for _ in range(self._draw.randint(3, 8)))

    def chinese_paragraph(self) -> str:
        """Three to eight sentences of Chinese characters."""
        return "".join(
            "".join(self._draw.choices(_CHARACTERS, k=self._draw.randint(8, 30))) + "。"
            for _ in range(self._draw.randint(3, 8))
        )

    def _sentence(self) -> str:
        words = self._draw.choices(self._words, self._weights, k=self._draw.randint(6, 25))
        return " ".join(words).capitalize() + "."

    def _word(self) -> str:
        return "".join(self._draw.choices(_SYLLABLES, k=self._draw.randint(1, 4)))


def write_texts(folder: Path, count: int, in_a_folder: int, paragraphs: int) -> None:
    """Text files, one in four Chinese, in subfolders."""
    writer = Writer()
    for number in range(count):
        place = folder / f"part{number // in_a_folder:04}"
        place.mkdir(parents=True, exist_ok=True)
        write = writer.chinese_paragraph if number % 4 == 0 else writer.paragraph
        text = "\n\n".join(write() for _ in range(paragraphs))
        (place / f"text{number:06}.txt").write_text(text, encoding="utf-8")


def write_documents(folder: Path, count: int) -> Path:
    """Documents of one to ten pages: real English sentences (Python's manual), one in four
    Chinese (the router's examples, run together), as text, Markdown and HTML."""
    draw = random.Random(0)  # noqa: S311 - no secret
    english, chinese = _english(), _chinese()
    for number in range(count):
        sentences, gap = (chinese, "") if number % 4 == 0 else (english, " ")
        paragraphs = [
            gap.join(draw.choices(sentences, k=draw.randint(3, 9)))
            for _ in range(draw.choice((2, 4, 8, 16, 32)))
        ]
        kind = (".txt", ".md", ".html")[number % 3]
        place = folder / f"part{number // 50:03}"
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"document{number:05}{kind}"
        path.write_text(_laid_out(paragraphs, kind), encoding="utf-8")
    return folder


def _laid_out(paragraphs: Sequence[str], kind: str) -> str:
    if kind == ".html":
        body = "".join(f"<p>{html.escape(paragraph)}</p>\n" for paragraph in paragraphs)
        return f"<html><body><h1>Report</h1>\n{body}</body></html>"
    heads = [f"## Part {n}\n\n" if kind == ".md" and n % 4 == 0 else "" for n in range(99)]
    return "\n\n".join(head + paragraph for head, paragraph in zip(heads, paragraphs, strict=False))


def _english() -> list[str]:
    from pydoc_data.topics import topics

    text = " ".join(" ".join(topics.values()).split())
    return [s for s in re.split(r"(?<=[.!?]) (?=[A-Z])", text) if 30 < len(s) < 300]


def _chinese() -> list[str]:
    folder = files("assistant.routing") / "examples"
    lines = [
        line.strip()
        for file in folder.iterdir()
        if file.name.endswith(".zh.txt")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [line.rstrip("。？！") + "。" for line in lines if len(line) > 5]

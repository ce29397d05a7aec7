"""Makes up a collection of realistic shape: texts by Zipf's law, vectors crowded like e5's.

Texts: passages of 125 words or so from a Zipf–Mandelbrot vocabulary of 200,000; three words in
ten come from the file's own subject, as content words of real texts do. Vectors: all lean one
way (two at random have a cosine of about .8), gather around subjects, and have a spectrum that
decays, so that their intrinsic dimension is a fraction of their length.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.core.protocols import Vectors
from assistant.language.terms import terms
from index.database import opened, transaction

DIMENSION = 384
WORDS_A_CHUNK = 150
"""At most; two thirds of it at least."""
CHUNKS_A_FILE = 50
EMBEDDER = "made-up"
_BATCH = 20_000
_VOCABULARY = 200_000
_SUBJECT_WORDS = 60
_SUBJECT_SHARE = 0.3
_FIRST_CONTENT_WORD = 150
"""Ranks below are function words, of which no text is about."""
_LEAN, _SPREAD, _NOISE = 1.0, 0.42, 0.30
_ASKING = 0.5
"""Length of what a question adds to the vector of its passage: a cosine of .89, as e5 has."""
_SYLLABLES = [a + b for a in "bdklmnrst" for b in "aio"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question's words and vector, made from one chunk."""

    text: str
    vector: Vectors


class Words:
    """A vocabulary by rank, and texts drawn from it."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self.spelled = _spelled(_VOCABULARY)
        weights = 1.0 / (np.arange(_VOCABULARY) + 2.7) ** 1.05
        self._all = np.cumsum(weights / weights.sum())
        content = weights.copy()
        content[:_FIRST_CONTENT_WORD] = 0.0
        self._content = np.cumsum(content / content.sum())

    def passages(self, files: int) -> list[list[list[int]]]:
        """Word ranks of each chunk of each file."""
        shape = (files, CHUNKS_A_FILE, WORDS_A_CHUNK)
        words = self._drawn(self._all, shape)
        subject = self._drawn(self._content, (files, _SUBJECT_WORDS))
        own = self._random.random(shape) < _SUBJECT_SHARE
        which = (self._random.random(shape) ** 2 * _SUBJECT_WORDS).astype(np.int64)
        of_file = np.take_along_axis(subject[:, None, :], which.reshape(files, 1, -1), axis=2)
        words = np.where(own, of_file.reshape(shape), words)
        lengths = self._random.integers(WORDS_A_CHUNK * 2 // 3, WORDS_A_CHUNK + 1, shape[:2])
        return [
            [chunk[:n].tolist() for chunk, n in zip(file, ns, strict=True)]
            for file, ns in zip(words, lengths, strict=True)
        ]

    def question(self, passage: str) -> str:
        """6 to 12 words: two to four of the passage's content words among words at large."""
        held = [w for w in passage.split() if len(w) > 4] or passage.split()
        own = self._random.choice(held, size=self._random.integers(2, 5))
        others = self._drawn(self._all, (int(self._random.integers(4, 9)),))
        words = [*own, *(self.spelled[i] for i in others)]
        return " ".join(words[i] for i in self._random.permutation(len(words))) + "?"

    def _drawn(self, cumulative: Vectors, shape: tuple[int, ...]) -> np.ndarray:
        return np.searchsorted(cumulative, self._random.random(shape)).clip(max=_VOCABULARY - 1)


class Points:
    """Unit vectors around subjects, all leaning one way."""

    def __init__(self, random: np.random.Generator, subjects: int) -> None:
        self._random = random
        scale = 1.0 / np.sqrt(np.arange(DIMENSION) + 4.0)
        self._scale = (scale / np.linalg.norm(scale)).astype(np.float32)
        self._turn = np.linalg.qr(random.normal(size=(DIMENSION, DIMENSION)))[0].astype(np.float32)
        self._lean = self._turn[-1] * _LEAN
        self._subjects = self._around(subjects) * _SPREAD

    def of_files(self, files: int) -> Vectors:
        """Unit rows for the chunks of that many files, each of one subject."""
        # Some subjects are written about more than others.
        drawn = self._random.random(files) ** 1.5 * len(self._subjects)
        middle = np.repeat(self._subjects[drawn.astype(np.int64)], CHUNKS_A_FILE, axis=0)
        return self._leaning(middle + self._around(len(middle)) * _NOISE)

    def near(self, vectors: Vectors) -> Vectors:
        """Unit rows as questions about the rows would have: near, not the same."""
        return self._unit(vectors + self._around(len(vectors)) * _ASKING)

    def _around(self, count: int) -> Vectors:
        noise = self._random.standard_normal((count, DIMENSION), dtype=np.float32)
        return np.asarray((noise * self._scale) @ self._turn, dtype=np.float32)

    def _leaning(self, rows: Vectors) -> Vectors:
        return self._unit(rows + self._lean)

    @staticmethod
    def _unit(rows: Vectors) -> Vectors:
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


class Maker:
    """Fills a collection's database with chunks, through its own tables.

    Args:
        path: of the database.
        chunks: that are to come in all, by which the number of subjects is chosen.
    """

    def __init__(self, path: Path, chunks: int, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self._path = path
        self._random = random
        self.words = Words(random)
        self.points = Points(random, max(20, chunks // 300))
        self._files = 0
        self._samples: list[tuple[str, Vectors]] = []

    def add(self, chunks: int) -> Iterator[int]:
        """Add that many chunks; yields the number made so far."""
        done = 0
        while done < chunks:
            files = max(1, min(_BATCH, chunks - done) // CHUNKS_A_FILE)
            self._store(files)
            done += files * CHUNKS_A_FILE
            yield done

    def questions(self, count: int) -> list[Question]:
        """About chunks that were made."""
        chosen = self._random.choice(len(self._samples), size=count, replace=False)
        vectors = self.points.near(np.stack([self._samples[i][1] for i in chosen]))
        return [
            Question(self.words.question(self._samples[i][0]), v)
            for i, v in zip(chosen, vectors, strict=True)
        ]

    def _store(self, files: int) -> None:
        spelled = self.words.spelled
        texts = [
            [" ".join([spelled[w] for w in chunk]) for chunk in file]
            for file in self.words.passages(files)
        ]
        vectors = self.points.of_files(files)
        flat = [text for file in texts for text in file]
        for i in self._random.choice(len(flat), size=min(len(flat), 100), replace=False):
            self._samples.append((flat[i], vectors[i]))
        with opened(self._path) as connection, transaction(connection):
            (first,) = connection.execute("SELECT coalesce(max(id), 0) FROM contents").fetchone()
            ids = range(first + 1, first + 1 + len(flat))
            connection.executemany(
                "INSERT INTO files (id, path, size, mtime_ns, sha256, state) "
                "VALUES (?, ?, 1, ?, NULL, 'indexed')",
                [
                    (n, os.fsencode(f"/made-up/{n % 97}/file{n}.txt"), n * 60_000_000_000)
                    for n in range(self._files + 1, self._files + 1 + files)
                ],
            )
            connection.executemany(
                "INSERT INTO contents (id, hash, heading, text) VALUES (?, ?, '', ?)",
                (
                    (i, hashlib.sha256(t.encode()).digest(), t)
                    for i, t in zip(ids, flat, strict=True)
                ),
            )
            connection.executemany(
                'INSERT INTO chunks (file, content, start, "end", line) VALUES (?, ?, 0, ?, 1)',
                (
                    (self._files + 1 + n // CHUNKS_A_FILE, i, len(t))
                    for n, (i, t) in enumerate(zip(ids, flat, strict=True))
                ),
            )
            connection.executemany(
                "INSERT INTO words (rowid, terms) VALUES (?, ?)",
                ((i, " ".join(terms(t))) for i, t in zip(ids, flat, strict=True)),
            )
            connection.execute(
                "INSERT OR IGNORE INTO embedders (name, dimension) VALUES (?, ?)",
                (EMBEDDER, DIMENSION),
            )
            halves = vectors.astype("float16")
            connection.executemany(
                "INSERT INTO vectors (embedder, content, vector) VALUES "
                "((SELECT id FROM embedders), ?, ?)",
                ((i, v.tobytes()) for i, v in zip(ids, halves, strict=True)),
            )
        self._files += files


def _spelled(count: int) -> list[str]:
    """Words by rank: the more common, the shorter."""
    base = len(_SYLLABLES)
    words = []
    for rank in range(count):
        number, word = rank, ""
        while True:
            word += _SYLLABLES[number % base]
            number = number // base - 1
            if number < 0:
                break
        words.append(word)
    return words

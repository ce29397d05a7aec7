"""Measures answering from documents on XQuAD: `python -m benchmarks.qa --models DIR --data DIR`.

DATA holds `xquad-*.LANG.jsonl` files, a passage a line: article, passage_id, passage, questions
[{question, answers}]. Each article becomes a text file, passages apart by a blank line, and goes
through the index and the skill's own code. Printed, by language of question → documents:

- right passage first / in five: the candidate chunk overlaps the gold passage;
- quote in gold: the first quoted sentence stands inside the gold passage;
- gold answer in the first 1 / 2 / 3 quoted sentences;
- abstention: AUROC of the confidence, answerable questions against those whose article is not
  indexed, and against those whose passage alone was taken out; calibrated on other articles.

`--fit` also prints the constants for `skills/evidence.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.config import IndexSettings
from assistant.core.documents import NO_FILTERS, Candidate
from assistant.core.protocols import Embedder, Vectors
from assistant.language.detection import detect
from benchmarks.qa_calibration import Sample, print_constants, report
from index.service import DocumentIndex
from skills.evidence import Evidence
from skills.glossing.glossary import Glossary
from skills.judging import Judged
from skills.search import Search

ARTICLE_FOLDS = 4
LANGUAGES = ("en", "zh")
EMBEDDER = "multilingual-e5-small"


@dataclass(frozen=True, slots=True)
class Row:
    """A passage, its number within its article, and its questions with their answers."""

    article: str
    id: str
    number: int
    passage: str
    questions: tuple[tuple[str, tuple[str, ...]], ...]


class RememberingEmbedder:
    """Embeds each text once: the same passages are indexed many times."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._known: dict[tuple[str, str], Vectors] = {}
        self.name, self.dimension, self.max_tokens = inner.name, inner.dimension, inner.max_tokens

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return self._remembered("document", self._inner.embed_documents, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._remembered("query", self._inner.embed_queries, texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._inner.count_tokens(texts)

    def _remembered(
        self, kind: str, embed: Callable[[Sequence[str]], Vectors], texts: Sequence[str]
    ) -> Vectors:
        new = [t for t in dict.fromkeys(texts) if (kind, t) not in self._known]
        if new:
            self._known |= zip([(kind, t) for t in new], embed(new), strict=True)
        return np.stack([self._known[kind, t] for t in texts])


def read_rows(data: Path, language: str) -> list[Row]:
    """Every passage of a language."""
    rows: list[Row] = []
    for file in sorted(data.glob(f"xquad-*.{language}.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            asked = tuple((q["question"], tuple(q["answers"])) for q in raw["questions"])
            number = sum(r.article == raw["article"] for r in rows)
            rows.append(Row(raw["article"], raw["passage_id"], number, raw["passage"], asked))
    return rows


class Bench:
    """Indexes built from parts of the rows, in a folder that goes away.

    Args:
        told: whether words of other languages are looked up.
    """

    def __init__(self, folder: Path, embedder: RememberingEmbedder, told: bool = True) -> None:
        self._folder = folder
        self.embedder = embedder
        self._glossary = Glossary() if told else None
        self._made = 0

    def index(self, rows: Sequence[Row]) -> DocumentIndex:
        """An index of the rows, one file an article."""
        self._made += 1
        papers = self._folder / f"papers{self._made}"
        papers.mkdir(parents=True)
        for article in dict.fromkeys(r.article for r in rows):
            passages = [r.passage for r in rows if r.article == article]
            (papers / f"{article.replace(os.sep, '_')}.txt").write_text("\n\n".join(passages))
        index = DocumentIndex(
            self._folder / f"index{self._made}", IndexSettings(), lambda: self.embedder
        )
        for _ in index.add([papers], None, lambda: False):
            pass
        return index

    def search(self, index: DocumentIndex) -> Search:
        """The skill's own search in an index."""
        return Search(index, self.embedder, detect, None, NO_FILTERS, self._glossary)

    def ask(self, index: DocumentIndex, question: str) -> Judged:
        """What the skill makes of a question."""
        return self.search(index).judge(question)

    def evidence(self, index: DocumentIndex, question: str) -> Evidence:
        """The evidence the skill has on a question; every index here holds something."""
        evidence = self.ask(index, question).evidence
        assert evidence is not None
        return evidence


def overlaps(candidate: Candidate, row: Row) -> bool:
    """Whether a chunk holds (part of) the passage."""
    return candidate.text in row.passage or row.passage in candidate.text


def measure_answers(
    bench: Bench, rows: Sequence[Row], asking: Sequence[Row], pair: str
) -> list[Sample]:
    """Print how well questions are answered with everything indexed."""
    index = bench.index(rows)
    by_id = {r.id: r for r in rows}
    figures: list[list[bool]] = []
    samples: list[Sample] = []
    for row in asking:
        gold = by_id[row.id]
        for question, answers in row.questions:
            judged = bench.ask(index, question)
            found, sentences = judged.candidates, judged.sentences
            assert judged.evidence is not None
            samples.append(Sample(pair, row.article, "answerable", judged.evidence))
            own = next(
                q[1] for q, r in zip(gold.questions, row.questions, strict=True) if r[0] == question
            )
            held = [any(a in s.text for a in (*answers, *own)) for s in sentences[:3]]
            figures.append(
                [
                    overlaps(found[0], gold),
                    any(overlaps(c, gold) for c in found[:5]),
                    sentences[0].text in gold.passage,
                    *(any(held[:n]) for n in (1, 2, 3)),
                ]
            )
    means = np.mean(np.array(figures, dtype=float), axis=0)
    print(
        f"{pair}: {len(figures)} questions, right passage first {means[0]:.3f}, in five "
        f"{means[1]:.3f}, quote in gold {means[2]:.3f}, gold answer in 1 / 2 / 3 sentences "
        f"{means[3]:.3f} / {means[4]:.3f} / {means[5]:.3f}",
        flush=True,
    )
    return samples


def unanswerable(
    bench: Bench, rows: Sequence[Row], asking: Sequence[Row], pair: str
) -> Iterator[Sample]:
    """Evidence of questions whose article, or whose passage alone, is not indexed."""
    articles = list(dict.fromkeys(r.article for r in rows))
    for fold in range(ARTICLE_FOLDS):
        gone = set(articles[fold::ARTICLE_FOLDS])
        index = bench.index([r for r in rows if r.article not in gone])
        for row in (r for r in asking if r.article in gone):
            for question, _ in row.questions:
                yield Sample(pair, row.article, "absent", bench.evidence(index, question))
    for number in range(max(r.number for r in rows) + 1):
        index = bench.index([r for r in rows if r.number != number])
        for row in (r for r in asking if r.number == number):
            for question, _ in row.questions:
                yield Sample(pair, row.article, "missing", bench.evidence(index, question))


def read_arguments(doc: str | None, **flags: str) -> argparse.Namespace:
    """Where models and data are, and flags of a benchmark's own: their help by name."""
    parser = argparse.ArgumentParser(description=(doc or "").split("\n")[0])
    parser.add_argument("--models", type=Path, required=True, help="the cache's models folder")
    parser.add_argument("--data", type=Path, required=True, help="folder of xquad-*.LANG.jsonl")
    for name, help_text in flags.items():
        parser.add_argument(f"--{name}", action="store_true", help=help_text)
    return parser.parse_args()


def remembering_embedder(models: Path) -> RememberingEmbedder:
    """The embedded encoder."""
    from assistant.models.onnx_embedder import OnnxEmbedder

    return RememberingEmbedder(
        OnnxEmbedder(models / EMBEDDER, name=EMBEDDER, threads=0, batch_size=16)
    )


def _samples(
    bench: Bench, rows: Mapping[str, list[Row]], documents: str, questions: str, how: str = ""
) -> Iterator[Sample]:
    pair = f"{questions}→{documents}{how}"
    yield from measure_answers(bench, rows[documents], rows[questions], pair)
    yield from unanswerable(bench, rows[documents], rows[questions], pair)


def main() -> None:
    """Run the measurement; six minutes on two cores."""
    arguments = read_arguments(__doc__, fit="print calibration constants")
    embedder = remembering_embedder(arguments.models)
    rows = {language: read_rows(arguments.data, language) for language in LANGUAGES}
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), embedder)
        untold = Bench(Path(folder) / "untold", embedder, told=False)
        for documents in rows:
            for questions in rows:
                samples += _samples(bench, rows, documents, questions)
                if documents != questions:
                    samples += _samples(untold, rows, documents, questions, " by meaning alone")
    report(samples)
    if arguments.fit:
        print_constants(samples)


if __name__ == "__main__":
    main()

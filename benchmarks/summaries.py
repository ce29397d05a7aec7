"""How much of what people ask about a text its summary keeps, against simple baselines.

`python -m benchmarks.summaries --models DIR --data FILE.jsonl…` summarises the articles of XQuAD
(a line: article, passage, questions with their answers) to a share of their words: one by one, four
together, and all as one long document, each under its heading. There are no
summaries written by people in that data, so it measures two stand-ins: the share of the questions
whose gold answer stands in the summary (in the manner of QA-based evaluation, Eyal et al. 2019),
and the Jensen-Shannon divergence of its words from the text's, in bits, which follows people's
judgement without a reference (Louis & Nenkova 2013) but which the method comes close to aiming at.
Every method gets the same budget of words. Half of the articles chose the weights, the other half
is reported as "test".
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import numpy as np

from assistant.core.protocols import Embedder
from assistant.language.terms import terms
from assistant.models.onnx_embedder import OnnxEmbedder
from skills.summary_length import Length, count_words
from skills.summary_selection import select, vectors_of
from skills.summary_sentences import Sentence, read_prose, worth_comparing

SHARES = (0.1, 0.2)
TOGETHER = (1, 4, 12)
"""Articles that make a document."""
Method = Callable[[Sequence[Sentence], Length], Sequence[Sentence]]


@dataclass(slots=True)
class Article:
    """A text of several paragraphs, and the answers to what was asked about it."""

    name: str
    paragraphs: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder of model folders")
    parser.add_argument("--model", default="multilingual-e5-small")
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    parser.add_argument("--pages", type=int, default=200, help="length of the long text timed")
    options = parser.parse_args()
    embedder = OnnxEmbedder(
        options.models / options.model, name=options.model, threads=0, batch_size=16
    )
    for path in options.data:
        articles = read_articles(path)[options.half == "test" :: 2]
        for together in TOGETHER:
            for share in SHARES:
                report(path.name, joined(articles, together), share, methods(embedder))
    time_long_text(read_articles(options.data[0]), options.pages, embedder)


def read_articles(path: Path) -> list[Article]:
    """The articles of a file, by name."""
    articles: dict[str, Article] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        article = articles.setdefault(row["article"], Article(row["article"]))
        article.paragraphs.append(row["passage"])
        for question in row["questions"]:
            answers = question.get("answers") or [question["answer"]]
            article.answers.append(answers[0] if isinstance(answers, list) else answers)
    return [articles[name] for name in sorted(articles)]


def joined(articles: Sequence[Article], together: int) -> list[Article]:
    """Documents of several articles, each under its heading."""
    if together == 1:
        return list(articles)
    return [
        Article(
            " + ".join(one.name for one in group),
            [p for one in group for p in (f"# {one.name.replace('_', ' ')}", *one.paragraphs)],
            [answer for one in group for answer in one.answers],
        )
        for group in (articles[i : i + together] for i in range(0, len(articles), together))
    ]


def methods(embedder: Embedder) -> dict[str, Method]:
    """Ways to choose sentences within a budget."""

    def by(model: Embedder | None) -> Method:
        return lambda sentences, length: select(sentences, vectors_of(sentences, model), length)

    return {
        "lead": within,
        "openings": lambda s, n: within(sorted(s, key=lambda one: one.paragraph_place), n),
        "random": lambda s, n: within([s[i] for i in shuffled(len(s))], n),
        "words": by(None),
        "e5+words": by(embedder),
    }


def shuffled(count: int) -> Sequence[int]:
    """The numbers below `count` in an order that is the same each time."""
    return [int(i) for i in np.random.default_rng(0).permutation(count)]


def within(sentences: Sequence[Sentence], length: Length) -> list[Sentence]:
    """The first of the sentences that fit the budget."""
    kept: list[Sentence] = []
    spent = 0
    for sentence in sentences:
        words = count_words(sentence.text)
        if not kept or spent + words <= (length.words or 0):
            kept.append(sentence)
            spent += words
    return kept


def report(name: str, articles: Sequence[Article], share: float, ways: dict[str, Method]) -> None:
    """Print the share of answers each way keeps."""
    kept: dict[str, int] = defaultdict(int)
    divergence: dict[str, float] = defaultdict(float)
    total = 0
    for article in articles:
        sentences = worth_comparing(read_prose(article.text))
        length = Length(len(sentences), max(1, round(share * count_words(article.text))))
        total += len(article.answers)
        for way, choose in ways.items():
            chosen = choose(sentences, length)
            text = "\n".join(s.text for s in chosen)
            kept[way] += sum(answer in text for answer in article.answers)
            divergence[way] += jensen_shannon(article.text, text) / len(articles)
    print(f"{name}: {len(articles)} documents, {total} answers, {share:.0%} of the words")
    for way, count in kept.items():
        print(f"  {way:9} {count / total:.3f} of the answers, divergence {divergence[way]:.3f}")


def jensen_shannon(text: str, summary: str) -> float:
    """How far the words of a summary are from its text's, in bits: 0 the same, 1 nothing shared."""
    whole, part = Counter(terms(text)), Counter(terms(summary))
    bits = 0.0
    for term, count in whole.items():
        p, q = count / whole.total(), part[term] / max(part.total(), 1)
        bits += p * math.log2(2 * p / (p + q)) + (q * math.log2(2 * q / (p + q)) if q else 0.0)
    return bits / 2


def time_long_text(articles: Sequence[Article], pages: int, embedder: Embedder) -> None:
    """Print how long a text of many pages (3,000 characters each) takes."""
    text = ""
    while len(text) < pages * 3000:
        text += "\n\n".join(f"# {a.name} {len(text)}\n\n{a.text}" for a in articles) + "\n\n"
    text = text[: pages * 3000]
    started = perf_counter()
    prose = read_prose(text)
    compared = worth_comparing(prose)
    read = perf_counter() - started
    chosen = select(compared, vectors_of(compared, embedder), Length(7))
    whole = perf_counter() - started
    print(
        f"{pages} pages: {len(prose.sentences)} sentences, {len(compared)} compared, "
        f"{len(chosen)} chosen; read in {read:.1f} s, {whole:.1f} s in all"
    )


if __name__ == "__main__":
    main()

"""Measures the check of written sentences.

`python -m benchmarks.qa_support --models DIR --data DIR`.

Claims are made of XQuAD by rule and checked against the sentence with the answer:

- right: the sentence itself, and the question turned into a statement with its answer ("Who led
  the team?" → "Kawann Short led the team."; in Chinese the answer stands where the asking word
  stood);
- wrong: the statement with the answer to another question of the passage (number for number,
  name for name), the sentence with a number changed, the statement and the sentence negated,
  and a sentence from elsewhere in the article.

Printed, by language of claim → quotes: the share of each kind marked supported, partly and not
supported; precision and recall of "supported"; and of "not supported" for what is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.language.sentences import split_sentences
from benchmarks.qa import (
    LANGUAGES,
    RememberingEmbedder,
    Row,
    read_arguments,
    read_rows,
    remembering_embedder,
)
from skills.support import SupportChecker

_AUXILIARY = r"did|do|does|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must"
_EN_SUBJECT = re.compile(rf"^(?:Who|What)\s+(?!(?:{_AUXILIARY})\b)(.+?)\s*\?\s*$")
_ZH_ASKING = re.compile(r"什么时候|哪一年|哪[位个座支家种]|什么|多少|何时|哪里|谁")
_EN_NEGATE = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would)\b(?! not)")
_ZH_NEGATE = re.compile(r"(是|有|被|在)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, the quote it is checked against, and whether the quote says so."""

    kind: str
    question: str
    text: str
    quote: str

    @property
    def right(self) -> bool:
        return self.kind in {"sentence", "statement"}


def make_claims(rows: Sequence[Row], language: str) -> Iterator[Claim]:
    """Every claim the rules give."""
    for row in rows:
        spans = split_sentences(row.passage)
        sentences = [row.passage[a:b] for a, b in spans]
        answers = [a[0] for _, a in row.questions]
        for number, (question, own) in enumerate(row.questions):
            answer = own[0]
            gold = next((s for s in sentences if answer in s), None)
            if gold is None:
                continue
            yield Claim("sentence", question, gold, gold)
            if statement := _statement(question, answer, language):
                yield Claim("statement", question, statement, gold)
                other = _other_answer(answer, answers[number + 1 :] + answers[:number], gold)
                if other and (swapped := _statement(question, other, language)):
                    yield Claim("swapped", question, swapped, gold)
                if negated := _negated(statement, language):
                    yield Claim("negated statement", question, negated, gold)
            if changed := _changed_number(gold):
                yield Claim("changed number", question, changed, gold)
            if negated := _negated(gold, language):
                yield Claim("negated", question, negated, gold)
            if strange := next((s for s in sentences if s != gold and answer not in s), None):
                yield Claim("elsewhere", question, strange, gold)


def _statement(question: str, answer: str, language: str) -> str | None:
    if language == "zh":
        changed, count = _ZH_ASKING.subn(answer, question.rstrip("?？ "), count=1)
        return f"{changed}。" if count else None
    found = _EN_SUBJECT.match(question)
    return f"{answer[:1].upper()}{answer[1:]} {found[1]}." if found else None


def _other_answer(answer: str, others: Sequence[str], gold: str) -> str | None:
    """An answer of the same sort that the gold sentence does not hold."""
    numeric = any(c.isdigit() for c in answer)
    return next(
        (o for o in others if o not in gold and any(c.isdigit() for c in o) is numeric), None
    )


def _changed_number(sentence: str) -> str | None:
    found = re.search(r"\d+", sentence)
    if found is None:
        return None
    return f"{sentence[: found.start()]}{int(found[0]) + 3}{sentence[found.end() :]}"


def _negated(sentence: str, language: str) -> str | None:
    if language == "zh":
        changed, count = _ZH_NEGATE.subn(
            lambda m: f"不{m[1]}" if m[1] != "有" else "没有", sentence, 1
        )
    else:
        changed, count = _EN_NEGATE.subn(r"\1 not", sentence, count=1)
    return changed if count else None


def measure(claims: Sequence[Claim], embedder: RememberingEmbedder, pair: str) -> None:
    """Print the figures of one pair of languages."""
    verdicts = [
        (c, SupportChecker([c.quote], c.question, embedder).check(f"{c.text} [1]")) for c in claims
    ]
    for kind in dict.fromkeys(c.kind for c in claims):
        counts = Counter(v for c, v in verdicts if c.kind == kind)
        total = sum(counts.values())
        shares = ", ".join(
            f"{v} {counts[v] / total:.3f}" for v in ("supported", "partly", "unsupported")
        )
        print(f"{pair}: {kind} ({total}): {shares}")
    for name, of, right in (
        ("supported", "supported", True),
        ("unsupported", "unsupported", False),
    ):
        said = [c.right is right for c, v in verdicts if v == of]
        there = [v == of for c, v in verdicts if c.right is right]
        print(
            f"{pair}: “{name}”: precision {sum(said) / max(1, len(said)):.3f}, "
            f"recall {sum(there) / max(1, len(there)):.3f}",
            flush=True,
        )


def main() -> None:
    """Run the measurement; a minute on two cores."""
    arguments = read_arguments(__doc__)
    embedder = remembering_embedder(arguments.models)
    for language in LANGUAGES:
        rows = read_rows(arguments.data, language)
        measure(list(make_claims(rows, language)), embedder, f"{language}→{language}")


if __name__ == "__main__":
    main()

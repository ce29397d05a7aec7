"""How often messages reach the right skill, how fast, and how honest the scores are.

`python -m benchmarks.routing --models DIR` routes `benchmarks/data/routing.tsv` (20 messages a
skill and language, disjoint from the examples) with the encoder in DIR; `--data FILE.jsonl`
routes other messages, a line {"text", "skill"}, such as `benchmarks/data/routing-summarise.jsonl`.
Where the data has questions about documents, documents count as indexed.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import json
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from time import perf_counter

from assistant.core.messages import Message
from assistant.core.skills import Route, SkillCard
from assistant.models.onnx_embedder import OnnxEmbedder
from assistant.routing.examples import gather_examples
from assistant.routing.router import SkillRouter
from skills.describe_card import CARD as DESCRIBE
from skills.generate import CARD as GENERATE
from skills.qa_card import CARD as QA
from skills.summarise_card import CARD as SUMMARISE
from skills.translate import CARD as TRANSLATE

CARDS: Sequence[SkillCard] = (DESCRIBE, GENERATE, QA, SUMMARISE, TRANSLATE)
NEAR = 0.9
"""Similarity of two messages (difflib ratio) from which one counts as a copy of the other."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A message and the skill it is for."""

    text: str
    skill: str
    language: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case."""

    case: Case
    route: Route
    milliseconds: float

    @property
    def right(self) -> bool:
        return self.route.skill == self.case.skill


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder of model folders")
    parser.add_argument("--model", default="multilingual-e5-small")
    parser.add_argument("--data", type=Path, help="a .jsonl file; default: the project's own")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    cases = own_cases() if options.data is None else read_cases(options.data)
    embedder = OnnxEmbedder(
        options.models / options.model, name=options.model, threads=options.threads, batch_size=16
    )
    indexed = any(case.skill == QA.name for case in cases)
    with tempfile.TemporaryDirectory() as folder:
        router = SkillRouter(lambda: embedder, CARDS, lambda _: indexed, None, Path(folder))
        first = seconds(router.prepare)
        again = SkillRouter(lambda: embedder, CARDS, lambda _: indexed, None, Path(folder))
        cached = seconds(again.prepare)
    report([outcome(again, case) for case in cases])
    print(f"ready in {first:.1f} s the first time, {cached:.1f} s from the cache")
    print(f"copies of examples: {len(copies(cases))} of {len(cases)}")


def own_cases() -> list[Case]:
    """The project's test set."""
    text = files("benchmarks").joinpath("data/routing.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [Case(row["text"], row["skill"], row["language"]) for row in rows]


def read_cases(path: Path) -> list[Case]:
    """Cases from JSON lines."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Case(row["text"], row["skill"], row.get("language", "en")) for row in rows]


def seconds(work: Callable[[], None]) -> float:
    """How long the work takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def outcome(router: SkillRouter, case: Case) -> Outcome:
    """Route one message, timed."""
    started = perf_counter()
    route = router.route(Message("user", case.text), ())
    return Outcome(case, route, (perf_counter() - started) * 1000)


def copies(cases: Iterable[Case]) -> list[Case]:
    """Cases that are (nearly) among the examples the router learned from."""
    known: dict[str, list[str]] = defaultdict(list)
    for example in gather_examples(CARDS):
        known[example.language].append(example.text.casefold())
    return [
        case
        for case in cases
        if difflib.get_close_matches(case.text.casefold(), known[case.language], 1, NEAR)
    ]


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Expected calibration error over ten bins of the score (Guo et al. 2017)."""
    bins: dict[int, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        bins[min(int(one.route.score * BINS), BINS - 1)].append(one)
    return sum(
        abs(share(group) - statistics.fmean(one.route.score for one in group)) * len(group)
        for group in bins.values()
    ) / len(outcomes)


def share(outcomes: Sequence[Outcome]) -> float:
    """Part of the outcomes that are right."""
    return sum(one.right for one in outcomes) / len(outcomes)


def report(outcomes: Sequence[Outcome]) -> None:
    """Print accuracy, confusion, mistakes, calibration and latency."""
    print(f"accuracy {share(outcomes):.4f} on {len(outcomes)} messages")
    table: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        table[one.case.language, one.case.skill].append(one)
        table[one.case.language, "all"].append(one)
    for (language, skill), group in sorted(table.items()):
        print(f"  {language}  {skill:10} {share(group):.3f}  of {len(group)}")
    confusion = Counter((one.case.skill, one.route.skill) for one in outcomes if not one.right)
    for (wanted, got), count in confusion.most_common():
        print(f"  {wanted} taken for {got}: {count}")
    for one in outcomes:
        if not one.right:
            print(f"    {one.case.text!r} → {one.route.skill} {one.route.score:.2f}")
    times = sorted(one.milliseconds for one in outcomes)
    p95 = times[int(0.95 * (len(times) - 1))]
    print(f"expected calibration error {calibration_error(outcomes):.4f}")
    print(f"a message: p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")


if __name__ == "__main__":
    main()

"""How often messages reach the right skill, how fast, and how honest the scores are.

`python -m benchmarks.routing --models DIR` routes the test half of `benchmarks/data/routing.tsv`
with the encoder in DIR; `--half dev` the half to tune on, `--half transfer` the languages without
examples, `--half fresh` and `--half second` messages by the skills' rules alone; `--data
FILE.jsonl` other messages, a line {"text", "skill"}. semantic-router is measured in the same run
where it is installed. `--mistakes` lists what went wrong: don't tune on those of the halves test,
fresh and second. Where the data has questions about documents, documents count as indexed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from assistant.core.protocols import Embedder
from assistant.core.skills import Route
from assistant.models.onnx_embedder import OnnxEmbedder
from assistant.routing.corrections import CorrectionFile
from assistant.routing.router import SkillRouter
from benchmarks.routing_data import (
    Case,
    Half,
    close,
    copies,
    installed_cards,
    own_cases,
    read_cases,
)
from benchmarks.routing_peer import Choose, fitted_on, fitted_peers, is_installed
from skills.qa_card import CARD as QA

CARDS = installed_cards()
BINS = 10
HALVES: tuple[Half, ...] = ("test", "dev", "transfer", "fresh", "second")


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
    parser.add_argument("--half", choices=HALVES, default="test")
    parser.add_argument("--data", type=Path, help="a .jsonl file; default: the project's own")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--mistakes", action="store_true", help="list the mistakes")
    options = parser.parse_args()
    found = read_cases(options.data) if options.data else own_cases(options.half)
    names = {card.name for card in CARDS}
    cases = [case for case in found if case.skill in names]
    if len(cases) < len(found):
        missing = ", ".join(sorted({case.skill for case in found} - names))
        print(f"{len(found) - len(cases)} messages are for skills not installed: {missing}")
    embedder = OnnxEmbedder(
        options.models / options.model, name=options.model, threads=options.threads, batch_size=16
    )
    with tempfile.TemporaryDirectory() as folder:
        outcomes = measure(embedder, cases, Path(folder))
    for line in (*table(outcomes), *honesty(outcomes), *latency(outcomes)):
        print(line)
    if options.mistakes:
        print(*mistakes(outcomes), sep="\n")
    print(f"copies of examples: {len(copies(cases, CARDS))} by their letters, "
          f"{len(close(cases, CARDS, embedder))} by their vectors, of {len(cases)}")  # fmt: skip
    for line in against_peer(embedder, outcomes):
        print(line, flush=True)  # minutes lie between two of them


def measure(embedder: Embedder, cases: Sequence[Case], folder: Path) -> list[Outcome]:
    """Route every case; tells how long getting ready and learning a correction take."""
    indexed = any(case.skill == QA.name for case in cases)

    def made() -> SkillRouter:
        kept = CorrectionFile(folder / "corrections.tsv")
        return SkillRouter(
            lambda: embedder, CARDS, lambda _: indexed, None, folder, kept, lambda _: indexed
        )

    first, router = seconds(made().prepare), made()
    print(f"ready in {first:.1f} s the first time, {seconds(router.prepare):.1f} s from the cache")
    outcomes = [outcome(router, case) for case in cases]
    learned = seconds(lambda: router.teach("run me through the numbers", QA.name))
    print(f"a correction is learned in {learned:.2f} s")
    return outcomes


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def outcome(router: SkillRouter, case: Case) -> Outcome:
    """Route one message, timed; that the message before it was routed is not part of the time."""
    if case.previous:
        router.route(case.history[0], ())
    started = perf_counter()
    route = router.route(case.message, case.history)
    return Outcome(case, route, (perf_counter() - started) * 1000)


def share(outcomes: Sequence[Outcome]) -> float:
    """Part of the outcomes that are right."""
    return sum(one.right for one in outcomes) / len(outcomes)


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Accuracy by language and skill, and of what is special."""
    yield f"accuracy {share(outcomes):.4f} on {len(outcomes)} messages"
    skills = sorted({one.case.skill for one in outcomes})
    yield "language  " + "".join(f"{skill:>11}" for skill in (*skills, "all", "ECE"))
    groups: dict[str, list[Outcome]] = {
        language: [] for language in sorted({one.case.language for one in outcomes})
    }
    groups |= {"all": list(outcomes)}
    for one in outcomes:
        groups[one.case.language].append(one)
    for language, group in groups.items():
        cells = [_cell([one for one in group if one.case.skill == skill]) for skill in skills]
        cells += [_cell(group), f"{calibration_error(group):11.3f}"]
        yield f"{language:10}" + "".join(cells)
    special = {
        "going on from the turn before": [one for one in outcomes if one.case.previous],
        "with a picture attached": [one for one in outcomes if one.case.images],
    }
    for name, group in special.items():
        if group:
            yield f"{name}: {share(group):.3f} of {len(group)}"
    confusion = Counter((one.case.skill, one.route.skill) for one in outcomes if not one.right)
    for (wanted, got), count in confusion.most_common():
        yield f"  {wanted} taken for {got}: {count}"


def _cell(group: Sequence[Outcome]) -> str:
    return f"{share(group):11.3f}" if group else f"{'-':>11}"


def honesty(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Whether scores are probabilities, and what asking in doubt is worth."""
    yield f"expected calibration error {calibration_error(outcomes):.4f}"
    asked = [one for one in outcomes if one.route.unsure]
    wrong = sum(not one.right for one in asked)
    yield f"unsure of {len(asked)} ({len(asked) / len(outcomes):.1%}), {wrong} of them wrong"


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Expected calibration error over ten bins of the score (Guo et al. 2017)."""
    bins: dict[int, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        bins[min(int(one.route.score * BINS), BINS - 1)].append(one)
    return sum(
        abs(share(group) - statistics.fmean(one.route.score for one in group)) * len(group)
        for group in bins.values()
    ) / len(outcomes)


def latency(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Median and 95th percentile of a message, its encoding included."""
    times = sorted(one.milliseconds for one in outcomes)
    p95 = times[int(0.95 * (len(times) - 1))]
    yield f"a message: p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms"


def mistakes(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What went wrong."""
    for one in outcomes:
        if not one.right:
            before = f" after {one.case.previous!r}" if one.case.previous else ""
            yield f"  {one.case.text!r}{before} → {one.route.skill} {one.route.score:.2f}"


def against_peer(embedder: Embedder, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """semantic-router on the messages that stand alone and have no picture."""
    if not is_installed():
        yield "semantic-router is not installed (pip install semantic-router); not compared"
        return
    alone = [one for one in outcomes if not one.case.previous and not one.case.images]
    yield f"side by side on the {len(alone)} messages without a turn before or a picture:"
    times = statistics.median(one.milliseconds for one in alone)
    yield f"  {'ours':24} accuracy {share(alone):.4f}, p50 {times:.1f} ms"
    yield f"  semantic-router: {fitted_on(CARDS)}"
    for name, choose in fitted_peers(embedder, CARDS).items():
        yield _peer_line(name, choose, [one.case for one in alone])


def _peer_line(name: str, choose: Choose, cases: Sequence[Case]) -> str:
    right, times = 0, []
    for case in cases:
        started = perf_counter()
        chosen = choose(case.text)
        times.append((perf_counter() - started) * 1000)
        right += chosen == case.skill
    median = statistics.median(times)
    return f"  {name:24} accuracy {right / len(cases):.4f}, p50 {median:.1f} ms"


if __name__ == "__main__":
    main()

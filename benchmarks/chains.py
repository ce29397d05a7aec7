"""How often messages that need several skills are planned right, and others left whole.

`python -m benchmarks.chains --models DIR` plans `benchmarks/data/chains.tsv` with the encoder in
DIR: half of it (dev) was looked at while the planner was written, half (test) was written before
it and not looked at. A plan is right when its skills and the languages it translates into are.
"""

from __future__ import annotations

import argparse
import csv
import re
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from time import perf_counter

from assistant.core.messages import ImageAttachment, Message
from assistant.core.skills import Route
from assistant.models.onnx_embedder import OnnxEmbedder
from assistant.routing.router import SkillRouter
from benchmarks.routing import CARDS

ONE = "one"
"""Stands for the chain of a message that is a single request."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message, its chain and the languages that are translated into."""

    half: str
    language: str
    chain: str
    targets: str
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case was planned."""

    case: Case
    chain: str
    targets: str
    milliseconds: float

    @property
    def right(self) -> bool:
        """`describe` of the data, older than `read`, stands for either before another step."""
        wanted = (_looking(self.case.chain), self.case.targets)
        return (_looking(self.chain), self.targets if self.case.chain != ONE else "") == wanted


def _looking(chain: str) -> str:
    return re.sub(r"^read(?=>)", "describe", chain)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder of model folders")
    parser.add_argument("--model", default="multilingual-e5-small")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--half", choices=("dev", "test"), help="default: both")
    parser.add_argument("--quiet", action="store_true", help="don't print the mistakes")
    options = parser.parse_args()
    embedder = OnnxEmbedder(
        options.models / options.model, name=options.model, threads=options.threads, batch_size=16
    )
    with tempfile.TemporaryDirectory() as folder:
        router = SkillRouter(lambda: embedder, CARDS, lambda _: True, None, Path(folder))
        router.prepare()
        outcomes = [outcome(router, case) for case in read_cases() if _wanted(case, options.half)]
    report(outcomes, options.quiet)


def _wanted(case: Case, half: str | None) -> bool:
    return half in (None, case.half)


def read_cases() -> list[Case]:
    """The project's messages."""
    text = files("benchmarks").joinpath("data/chains.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        Case(
            row["half"],
            row["language"],
            row["chain"],
            row["targets"],
            Message("user", row["text"], (ImageAttachment("a.png"),) * int(row["images"])),
        )
        for row in rows
    ]


def outcome(router: SkillRouter, case: Case) -> Outcome:
    """Route one message, timed."""
    started = perf_counter()
    route = router.route(case.message, ())
    milliseconds = (perf_counter() - started) * 1000
    return Outcome(case, *plan_of(route), milliseconds)


def plan_of(route: Route) -> tuple[str, str]:
    """The chain, and the languages translated into, as the data writes them."""
    if route.plan is None:
        return ONE, ""
    translations = [step for step in route.plan.steps if step.skill == "translate"]
    return ">".join(route.chain), ",".join(step.params.target or "?" for step in translations)


def report(outcomes: Sequence[Outcome], quiet: bool) -> None:
    """Print shares by half, kind and language, mistakes and latency."""
    table: dict[tuple[str, ...], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        kind = "one step" if one.case.chain == ONE else "chains"
        table[one.case.half, kind].append(one)
        table[one.case.half, kind, one.case.language].append(one)
    for key, group in sorted(table.items()):
        right = sum(one.right for one in group)
        print(f"{' '.join(key):22} {right / len(group):.3f}  {right} of {len(group)}")
    for one in outcomes:
        if not one.right and not quiet:
            wanted = f"{one.case.chain} {one.case.targets}"
            print(f"  {one.case.message.text!r}: {one.chain} {one.targets}, not {wanted}")
    times = sorted(one.milliseconds for one in outcomes)
    p95 = times[int(0.95 * (len(times) - 1))]
    print(f"a message: p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")


if __name__ == "__main__":
    main()

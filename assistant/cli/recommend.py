"""`assistant models recommend`: which models suit a task on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.speaking import language_spoken

if TYPE_CHECKING:
    from assistant.models.choosing import Candidate, Choices, Machine, Wish

TASKS = (
    "chat", "documents", "translate", "images", "embed", "captions", "questions", "find", "outline",
)  # fmt: skip
GB = 1_000_000_000


class RecommendationRow(msgspec.Struct, frozen=True):
    """What `models recommend --json` says about a choice. Bytes, and tokens a second."""

    kinds: tuple[str, ...]
    name: str
    memory: int
    cache: int
    """The part of `memory` that a conversation takes."""
    disk: int
    tokens_per_second: float | None
    device: str
    dtype: str
    reason: str
    licence: str
    non_commercial: bool
    present: bool
    directions: tuple[str, ...]
    pull: str


class Report(msgspec.Struct, frozen=True):
    """The whole answer of `--json`."""

    task: str
    bandwidth: dict[str, float]
    """Measured bytes a second by device."""
    choices: tuple[RecommendationRow, ...]
    rejected: dict[str, str]
    """Model → what it lacks: language, grounded, disk, memory, speed, size."""


@click.command("recommend")
@click.option("--task", type=click.Choice(TASKS), default="chat", help="What it is for.")
@click.option("--languages", default="", metavar="CODES", help="Languages, as in zh,en.")
@click.option(
    "--memory",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="GB",
    help="Memory it may take; as much as is free if absent.",
)
@click.option(
    "--disk",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="GB",
    help="Space it may take on the disk.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="TOKENS/S",
    help="Least speed it should write with.",
)
@click.option("--measure", is_flag=True, help="Measure the machine's memory again.")
@click.option("--json", "as_json", is_flag=True, help="Write everything found out, as JSON.")
@click.pass_obj
def recommend(
    context: Context,
    task: str,
    languages: str,
    memory: float,
    disk: float,
    speed: float,
    measure: bool,
    as_json: bool,
) -> None:
    """Recommend models for this machine.

    Three of them where there are as many: the best that fits, a balanced one and the lightest,
    with what each takes, how fast it will write, and how to fetch it.
    """
    from assistant.models.choosing import Task, Wish

    wish = Wish(
        task=cast(Task, task),
        languages=_codes(languages),
        memory=int(memory * GB),
        disk=int(disk * GB),
        speed=speed,
        context=context.settings.generate.context,
    )
    machine, choices = find_choices(context, wish, measure=measure)
    if as_json:
        report = _report(task, machine, choices)
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
        return
    from assistant.cli.recommend_words import told

    for line in told(wish, machine, choices, language_spoken()):
        click.echo(line)
    if not choices.chosen:
        click.get_current_context().exit(1)


def find_choices(context: Context, wish: Wish, *, measure: bool) -> tuple[Machine, Choices]:
    """Look at the machine, measure it where that was not done before, and choose."""
    from assistant.models import plan
    from assistant.models.bandwidth import measured
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue
    from assistant.models.choosing import Machine, choose
    from assistant.models.disk import free_bytes

    here = plan.Machine.here()
    cache = ModelCache(context.places.models)
    catalogue = Catalogue.load(context.settings)
    machine = Machine(
        devices=here.devices,
        disk_free=free_bytes(cache.root),
        bandwidth=measured(here.devices, context.places.cache / "bandwidth.json", anew=measure),
        present=frozenset(e.name for e in catalogue if cache.is_present(e)),
    )
    choices = choose(
        catalogue,
        wish,
        machine,
        lambda entry: plan.need_here(entry, cache, context.settings, here),
        language=language_spoken(),
    )
    return machine, choices


def _codes(languages: str) -> tuple[str, ...]:
    """ISO 639-1 codes from "zh,en"; names ("Chinese", "中文") are understood too."""
    from assistant.core.errors import UsageError
    from assistant.language.names import find_language

    codes = []
    for named in languages.replace("，", ",").split(","):
        if not (word := named.strip()):
            continue
        code = find_language(word)
        if code is None:
            raise UsageError(
                f"“{word}” is no language known here.", "Write codes, as in --languages zh,en."
            )
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def _report(task: str, machine: Machine, choices: Choices) -> Report:
    rows = tuple(
        _row(choice.kinds, choice.candidate, choice.candidate.entry.name in machine.present)
        for choice in choices.chosen
    )
    return Report(task, dict(machine.bandwidth), rows, dict(choices.rejected))


def _row(kinds: Sequence[str], candidate: Candidate, present: bool) -> RecommendationRow:
    entry, takes, speed = candidate.entry, candidate.takes, candidate.speed
    return RecommendationRow(
        kinds=tuple(kinds),
        name=entry.name,
        memory=takes.memory,
        cache=takes.cache,
        disk=takes.disk,
        tokens_per_second=None if speed is None else round(speed, 1),
        device=candidate.placement.device or "",
        dtype=candidate.placement.dtype,
        reason=candidate.placement.reason,
        licence=entry.licence,
        non_commercial=entry.non_commercial,
        present=present,
        directions=candidate.directions,
        pull=f"assistant models pull {entry.name}",
    )

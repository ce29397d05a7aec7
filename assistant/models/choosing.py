"""Which models suit a task on this machine: three choices with reasons; a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal

from assistant.models.catalogue import ModelEntry
from assistant.models.devices import Device
from assistant.models.footprint import SERVED, USUAL_CONTEXT, Footprint, tokens
from assistant.models.placement import CPU_RESERVE, ModelNeed, Placement, place
from assistant.models.speed import Reading, tokens_a_second

Task = Literal[
    "chat", "documents", "translate", "images", "embed", "captions", "questions", "find", "outline"
]
Kind = Literal["best", "balanced", "lightest"]
Lack = Literal["language", "grounded", "disk", "memory", "speed", "size"]
ROLES: Mapping[Task, str] = {
    "chat": "generate",
    "documents": "generate",
    "translate": "translate",
    "images": "clip",
    "embed": "embed",
    "captions": "caption",
    "questions": "vqa",
    "find": "detect",
    "outline": "segment",
}
READING_SPEED = 8.0
"""Tokens a second that keep up with a person who reads: 300 words a minute, and some room."""
LIGHTER = 0.75
"""A balanced choice takes at most this part of the best one's memory."""
DISK_RESERVE = 2 << 30
"""Bytes left free on the disk."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. Memory and disk in bytes, 0 = as the machine has; speed in tokens/s.

    `context` is how long a conversation may get, in tokens.
    """

    task: Task = "chat"
    languages: tuple[str, ...] = ()
    memory: int = 0
    disk: int = 0
    speed: float = 0.0
    context: int = USUAL_CONTEXT


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is. `bandwidth` in bytes a second by device; empty where nobody measured."""

    devices: tuple[Device, ...]
    disk_free: int
    bandwidth: Mapping[str, float]
    present: frozenset[str] = frozenset()
    """Models that are here already: they take no more disk."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that suits, with what it would take. `speed` None: not known, or no matter."""

    entry: ModelEntry
    placement: Placement
    takes: Footprint
    speed: float | None
    directions: tuple[str, ...] = ()
    """Of a translator: those of the wished languages it serves."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the three. A model may be two of them, then `kinds` holds both."""

    kinds: tuple[Kind, ...]
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Choices:
    """What suits, the best first; and what does not, each with what it lacks."""

    chosen: tuple[Choice, ...]
    candidates: tuple[Candidate, ...]
    rejected: tuple[tuple[str, Lack], ...]


NeedOf = Callable[[ModelEntry], ModelNeed]


def choose(
    entries: Iterable[ModelEntry],
    wish: Wish,
    machine: Machine,
    need_of: NeedOf,
    *,
    language: str = "en",
) -> Choices:
    """The best that fits, a balanced one and the lightest, out of a catalogue.

    Args:
        need_of: what placing a model has to reckon with.
        language: of the placements' reasons.
    """
    suited: list[Candidate] = []
    rejected: list[tuple[str, Lack]] = []
    for entry in entries:
        if entry.role != ROLES[wish.task] or entry.format == SERVED:
            continue
        found = _judge(entry, wish, machine, need_of(entry), language)
        if isinstance(found, Candidate):
            suited.append(found)
        else:
            rejected.append((entry.name, found))
    ranked = tuple(sorted(suited, key=_quality, reverse=True))
    return Choices(_three(ranked), ranked, tuple(rejected))


def _judge(
    entry: ModelEntry, wish: Wish, machine: Machine, need: ModelNeed, language: str
) -> Candidate | Lack:
    """The candidate, or what the model lacks."""
    directions = _directions(entry, wish.languages)
    if not _speaks(entry, wish, directions):
        return "language"
    if wish.task == "documents" and not entry.grounded:
        return "grounded"
    here = entry.name in machine.present
    if not need.size.elements and not here:
        return "size"
    disk = entry.disk or entry.size
    if not here and disk > (wish.disk or machine.disk_free - DISK_RESERVE):
        return "disk"
    (placement,) = place([need], _limited(machine.devices, wish.memory), language=language)
    held = sum(share.bytes + need.working for share in placement.shares)
    if not placement.shares or (wish.memory and held > wish.memory):
        return "memory"
    speed = _speed(entry, placement, machine)
    if wish.speed and speed is not None and speed < wish.speed:
        return "speed"
    cache = entry.cache * tokens(entry, wish.context)
    return Candidate(entry, placement, Footprint(held, cache, disk), speed, directions)


def _speaks(entry: ModelEntry, wish: Wish, directions: tuple[str, ...]) -> bool:
    if entry.role == "translate" and len(wish.languages) > 1:
        return bool(directions)
    return all(entry.speaks(language) for language in wish.languages)


def _directions(entry: ModelEntry, languages: Sequence[str]) -> tuple[str, ...]:
    if entry.role != "translate":
        return ()
    served = [pair for pair in permutations(languages, 2) if entry.translates(*pair)]
    return tuple(f"{source}>{target}" for source, target in served)


def _limited(devices: Sequence[Device], memory: int) -> tuple[Device, ...]:
    """The devices; where a limit was given, nothing is kept free beside it."""
    if not memory:
        return tuple(devices)
    return tuple(
        replace(d, free=min(d.total, memory + CPU_RESERVE)) if d.kind == "cpu" else d
        for d in devices
    )


def _speed(entry: ModelEntry, placement: Placement, machine: Machine) -> float | None:
    if entry.role != "generate":
        return None
    is_packed = entry.format == "gguf"
    reading = Reading(entry.parameters, is_packed, entry.cache, by_python=not is_packed)
    return tokens_a_second(placement, reading, machine.devices, machine.bandwidth)


def _quality(candidate: Candidate) -> tuple[int, int, bool, bool, int]:
    """More directions, then more parameters; of as many, one trusted to write from quotes, a
    licence without limits, and less memory count."""
    entry = candidate.entry
    size = entry.parameters or entry.disk or entry.size
    free = not entry.non_commercial
    return len(candidate.directions), size, entry.grounded, free, -candidate.takes.memory


def _three(ranked: Sequence[Candidate]) -> tuple[Choice, ...]:
    """Best, balanced, lightest; fewer where there are fewer."""
    if not ranked:
        return ()
    best = ranked[0]
    alike = [c for c in ranked if len(c.directions) == len(best.directions)]
    lightest = min(alike, key=lambda c: (c.takes.memory, -c.entry.parameters))
    picks: tuple[tuple[Kind, Candidate], ...] = (
        ("best", best),
        ("balanced", _balanced(alike, lightest)),
        ("lightest", lightest),
    )
    kinds: dict[str, tuple[Candidate, list[Kind]]] = {}
    for kind, candidate in picks:
        kinds.setdefault(candidate.entry.name, (candidate, []))[1].append(kind)
    return tuple(Choice(tuple(names), candidate) for candidate, names in kinds.values())


def _balanced(ranked: Sequence[Candidate], lightest: Candidate) -> Candidate:
    """The best of those that keep up with a reader; where the very best does, the best of those
    that take clearly less memory."""
    best = ranked[0]
    limit = LIGHTER * best.takes.memory if keeps_up(best) else float("inf")
    between = [c for c in ranked[1:] if c is not lightest and c.takes.memory <= limit]
    return next((c for c in between if keeps_up(c)), lightest)


def keeps_up(candidate: Candidate) -> bool:
    """Whether it writes as fast as a person reads, as far as its speed is known."""
    return candidate.speed is None or candidate.speed >= READING_SPEED

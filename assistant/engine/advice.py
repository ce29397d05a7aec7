"""What can be said of each model on this machine before it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.config import Settings
from assistant.models import choosing
from assistant.models.bandwidth import Probe, measured
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue
from assistant.models.choosing import Candidate, Choices, Task, Wish, choose, keeps_up
from assistant.models.disk import free_bytes
from assistant.models.plan import Machine, named_models, need_here, plan_models
from assistant.models.plan_words import placed

TASKS: tuple[Task, ...] = ("chat", "images", "embed")
"""Those with a setting that names one model; translators serve side by side."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What the models screen says of a model, beside what the catalogue does."""

    kinds: tuple[str, ...] = ()
    """Of the three choices, those it is: best, balanced, lightest."""
    recommended: bool = False
    memory: int = 0
    speed: float = 0.0
    plan: str = ""


def advise(
    catalogue: Catalogue,
    cache: ModelCache,
    settings: Settings,
    machine: Machine,
    bandwidth_file: Path,
    language: str,
    probe: Probe | None = None,
) -> Mapping[str, Advice]:
    """Advice by model name.

    Args:
        bandwidth_file: where the machine's speed is kept; measured once where it is not yet.
        language: of the interface; models for chat should speak it.
        probe: measures a device; None = for real.
    """
    there = choosing.Machine(
        devices=machine.devices,
        disk_free=free_bytes(cache.root),
        bandwidth=measured(machine.devices, bandwidth_file, probe),
        present=frozenset(e.name for e in catalogue if cache.is_present(e)),
    )
    found: dict[str, Advice] = {}
    for task in TASKS:
        wish = Wish(
            task=task,
            languages=(language,) if task == "chat" else (),
            context=settings.generate.context,
        )
        choices = choose(
            catalogue,
            wish,
            there,
            lambda entry: need_here(entry, cache, settings, machine),
            language=language,
        )
        found |= _of(choices, machine, language)
    return _with_plans(found, catalogue, cache, settings, machine, language)


def _of(choices: Choices, machine: Machine, language: str) -> dict[str, Advice]:
    kinds = {choice.candidate.entry.name: choice.kinds for choice in choices.chosen}
    chosen = [choice.candidate for choice in choices.chosen]
    best = next((c for c in chosen if keeps_up(c)), chosen[-1] if chosen else None)
    return {
        candidate.entry.name: Advice(
            kinds=kinds.get(candidate.entry.name, ()),
            recommended=candidate is best,
            memory=candidate.takes.memory,
            speed=candidate.speed or 0.0,
            plan=_plan(candidate, machine, language),
        )
        for candidate in choices.candidates
    }


def _plan(candidate: Candidate, machine: Machine, language: str) -> str:
    where = placed(candidate.placement, machine.devices, language)
    return f"{where} · {candidate.placement.reason}"


def _with_plans(
    found: Mapping[str, Advice],
    catalogue: Catalogue,
    cache: ModelCache,
    settings: Settings,
    machine: Machine,
    language: str,
) -> dict[str, Advice]:
    """The models the settings name share the machine: their plan is the one made together."""
    plans = plan_models(
        named_models(catalogue, settings),
        cache.is_present,
        lambda entry: need_here(entry, cache, settings, machine),
        machine,
        language=language,
    )
    advice = dict(found)
    for planned in plans:
        where = placed(planned.placement, machine.devices, language)
        known = advice.get(planned.entry.name, Advice())
        told = f"{where} · {planned.placement.reason}"
        advice[planned.entry.name] = replace(known, plan=told, memory=planned.memory)
    return advice

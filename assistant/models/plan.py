"""Where every model a person named would run, worked out before anything is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.config import Settings
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.devices import Device
from assistant.models.footprint import SERVED, need_of
from assistant.models.placement import ModelNeed, Placement, place
from assistant.models.roles import named
from assistant.models.transformers_loading import quantised_dtypes


@dataclass(frozen=True, slots=True)
class Planned:
    """A model with its place. `placement.reason` says why, in the language asked for."""

    entry: ModelEntry
    present: bool
    placement: Placement
    memory: int
    """Bytes it takes together, working memory included; 0 where it fits nowhere."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The devices torch knows, and those llama.cpp knows; the CPU is in both."""

    torch: tuple[Device, ...]
    llamacpp: tuple[Device, ...]

    @classmethod
    def here(cls) -> Machine:
        """This one; imports torch, which takes seconds."""
        from assistant.models.devices import list_devices
        from assistant.models.llamacpp_devices import llamacpp_devices

        return cls(list_devices(), llamacpp_devices())

    @property
    def devices(self) -> tuple[Device, ...]:
        """All, each once, GPUs first."""
        known = {d.id: d for d in (*self.llamacpp, *self.torch)}
        return tuple(sorted(known.values(), key=lambda d: d.kind == "cpu"))


def named_models(catalogue: Catalogue, settings: Settings) -> tuple[ModelEntry, ...]:
    """The models the settings name, the language model first; those that servers run, and names
    unknown here, are passed over."""
    names = dict.fromkeys(name for _, _, name in named(settings))
    known = {entry.name: entry for entry in catalogue if entry.format != SERVED}
    return tuple(known[name] for name in names if name in known)


def need_here(
    entry: ModelEntry, cache: ModelCache, settings: Settings, machine: Machine
) -> ModelNeed:
    """What placing a model has to reckon with, by its files where they are here."""
    generate = settings.generate
    return need_of(
        entry,
        cache.folder(entry) if cache.is_present(entry) else None,
        context=generate.context,
        dtype=None if generate.dtype == "auto" else generate.dtype,
        lower=quantised_dtypes(),
        gpu_layers=generate.gpu_layers != 0 and len(machine.llamacpp) > 1,
    )


def plan_models(
    entries: Iterable[ModelEntry],
    is_present: Callable[[ModelEntry], bool],
    need: Callable[[ModelEntry], ModelNeed],
    machine: Machine,
    *,
    language: str = "en",
) -> tuple[Planned, ...]:
    """A place for each, in the order given. Those of llama.cpp choose first, as they are the
    largest, and what they take is not given away again; of the others those that are here choose
    before those that may never be."""
    ordered = list(entries)
    needs = {entry.name: need(entry) for entry in ordered}
    choosing = sorted(ordered, key=lambda e: e.role != "generate" and not is_present(e))
    ggufs = [needs[e.name] for e in choosing if e.format == "gguf"]
    others = [needs[e.name] for e in choosing if e.format != "gguf"]
    placed = place(ggufs, machine.llamacpp, language=language)
    left = _without(machine.torch, placed, needs)
    found = {p.model: p for p in (*placed, *place(others, left, language=language))}
    return tuple(
        Planned(e, is_present(e), found[e.name], _held(found[e.name], needs[e.name]))
        for e in ordered
    )


def _held(placement: Placement, need: ModelNeed) -> int:
    return sum(share.bytes + need.working for share in placement.shares)


def _without(
    devices: Sequence[Device], placed: Iterable[Placement], needs: dict[str, ModelNeed]
) -> tuple[Device, ...]:
    """The devices without what is given away."""
    taken: dict[str, int] = {}
    for placement in placed:
        for share in placement.shares:
            held = share.bytes + needs[placement.model].working
            taken[share.device] = taken.get(share.device, 0) + held
    return tuple(replace(d, free=d.free - taken.get(d.id, 0)) for d in devices)

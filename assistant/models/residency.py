"""Which loaded models leave memory when another one needs it; a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.models.devices import Device
from assistant.models.placement import Loaded, ModelNeed, place

RESERVE = 0.1
"""Part of the machine's main memory left to everything else, where the settings name no
limit."""


@dataclass(frozen=True, slots=True)
class Inmate:
    """A model in memory: what it holds, when it last worked (seconds of any clock), and whether
    it is at work now."""

    name: str
    holds: int
    used: float
    busy: bool = False
    device: str = "cpu"
    """The device that holds it, or most of it."""


def leaving(
    need: ModelNeed, inmates: Sequence[Inmate], cpu: Device, limit: int = 0
) -> tuple[str, ...]:
    """Names of idle models to unload first, the least recently used first; never one at work.

    Where even that doesn't make enough room, all idle ones leave: the model is loaded anyway,
    with whatever room there is.

    Args:
        cpu: main memory as it is now, the inmates in it.
        limit: bytes models may hold together; 0 = what is free, less the reserve.
    """
    here = [inmate for inmate in inmates if inmate.device == cpu.id]
    held = sum(inmate.holds for inmate in here)
    free = limit - held if limit else cpu.free - int(cpu.total * RESERVE)
    loaded = idle(here)
    whole = replace(need, portable=True)
    (placement,) = place([whole], [replace(cpu, free=free)], loaded=loaded, cpu_reserve=0)
    if placement.shares:
        return placement.leaves
    return tuple(model.name for model in sorted(loaded, key=lambda model: model.used))


def idle(inmates: Sequence[Inmate]) -> tuple[Loaded, ...]:
    """Those that may leave, as the placement wants them."""
    return tuple(Loaded(i.name, ((i.device, i.holds),), i.used) for i in inmates if not i.busy)


def unused(inmates: Sequence[Inmate], now: float, seconds: float) -> tuple[str, ...]:
    """Names of idle models that have not worked for so long; none where `seconds` is 0."""
    if not seconds:
        return ()
    return tuple(i.name for i in inmates if not i.busy and now - i.used >= seconds)

"""Which loaded models leave memory when another one needs it; a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.models.devices import Device
from assistant.models.placement import GPU_RESERVE, Loaded, ModelNeed, place

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
    need: ModelNeed,
    inmates: Sequence[Inmate],
    cpu: Device,
    limit: int = 0,
    gpus: Sequence[Device] = (),
) -> tuple[str, ...]:
    """Names of idle models to unload first, the least recently used first; never one at work.

    A model planned for a GPU takes nothing of main memory, and none leaves there for it.
    Where even all idle ones don't make enough room, they leave: the model is loaded anyway, with
    whatever room there is.

    Args:
        cpu: main memory as it is now, the inmates in it.
        limit: bytes models may hold together in main memory; 0 = what is free, less the reserve.
        gpus: as they are now, those the model could be placed on.
    """
    apples = {gpu.id for gpu in gpus if gpu.kind == "mps"}
    if not apples:
        inmates = [_in_main_memory(inmate, cpu) for inmate in inmates]
    here = [inmate for inmate in inmates if inmate.device in {cpu.id, *apples}]
    held = sum(inmate.holds for inmate in here)
    free = limit - held if limit else cpu.free - int(cpu.total * RESERVE)
    devices = [*(_limited(g, free) if g.id in apples else g for g in gpus), replace(cpu, free=free)]
    planned = need if gpus else replace(need, portable=True)
    (placement,) = place([planned], devices, loaded=idle(inmates), cpu_reserve=0)
    if placement.shares:
        return placement.leaves
    return tuple(model.name for model in sorted(idle(here), key=lambda model: model.used))


def _limited(apple: Device, free: int) -> Device:
    """With no more than is free for models, whatever the placement keeps of a GPU."""
    return replace(apple, free=min(apple.free, free + int(apple.total * GPU_RESERVE)))


def _in_main_memory(inmate: Inmate, cpu: Device) -> Inmate:
    """What is on Apple's GPU is in the memory the CPU has."""
    return replace(inmate, device=cpu.id) if inmate.device == "mps" else inmate


def idle(inmates: Sequence[Inmate]) -> tuple[Loaded, ...]:
    """Those that may leave, as the placement wants them."""
    return tuple(Loaded(i.name, ((i.device, i.holds),), i.used) for i in inmates if not i.busy)


def unused(inmates: Sequence[Inmate], now: float, seconds: float) -> tuple[str, ...]:
    """Names of idle models that have not worked for so long; none where `seconds` is 0."""
    if not seconds:
        return ()
    return tuple(i.name for i in inmates if not i.busy and now - i.used >= seconds)

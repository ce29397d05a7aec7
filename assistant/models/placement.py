"""Decides which device each model runs on; a pure function of needs and devices.

First version: a model goes whole onto one device. Splitting a model over several devices
or into main memory is not planned here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.models.devices import Device, Kind

Dtype = Literal["float32", "float16", "bfloat16", "as stored"]
GPU_RESERVE = 0.10
"""Part of a GPU's memory left free, for activations and other programs."""
CPU_RESERVE = 2 << 30
"""Bytes of main memory left to the rest of the machine."""

_DTYPES: dict[Kind, Dtype] = {
    "cpu": "float32",
    "cuda": "float16",
    "mps": "float16",
    "xpu": "bfloat16",
}


@dataclass(frozen=True, slots=True)
class ModelNeed:
    """A model to place and the bytes it takes once loaded; 0 where nobody measured it."""

    name: str
    bytes: int
    portable: bool = False
    """Run by llama.cpp or ONNX Runtime as installed here, which know the CPU only."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model runs. `device` is None where it fits nowhere; `reason` says why."""

    model: str
    device: str | None
    dtype: Dtype
    reason: str


def place(
    wanted: Sequence[ModelNeed],
    devices: Sequence[Device],
    *,
    gpu_reserve: float = GPU_RESERVE,
    cpu_reserve: int = CPU_RESERVE,
) -> tuple[Placement, ...]:
    """A device for each model, in the order asked, earlier models first in line for memory.

    A model goes to the GPU with the most room left that holds it, else to the CPU.
    """
    room = {
        device.id: device.free
        - (cpu_reserve if device.kind == "cpu" else int(device.total * gpu_reserve))
        for device in devices
    }
    placed = []
    for need in wanted:
        device = _device_for(need, devices, room)
        if device is not None:
            for holder in _sharing_memory(device, devices):
                room[holder.id] -= need.bytes
        placed.append(_placement(need, device, devices, room))
    return tuple(placed)


def _device_for(need: ModelNeed, devices: Sequence[Device], room: dict[str, int]) -> Device | None:
    fitting = [
        device
        for device in devices
        if room[device.id] >= need.bytes and not (need.portable and device.kind != "cpu")
    ]
    return max(fitting, key=lambda device: (device.kind != "cpu", room[device.id]), default=None)


def _sharing_memory(device: Device, devices: Sequence[Device]) -> list[Device]:
    """The devices whose memory a model on `device` takes: Apple's GPU and CPU have the same."""
    if device.kind in {"cpu", "mps"} and any(other.kind == "mps" for other in devices):
        return [other for other in devices if other.kind in {"cpu", "mps"}]
    return [device]


def _placement(
    need: ModelNeed, device: Device | None, devices: Sequence[Device], room: dict[str, int]
) -> Placement:
    size = in_units(need.bytes) if need.bytes else "memory not known"
    dtype: Dtype = "as stored" if need.portable else _DTYPES[device.kind if device else "cpu"]
    if device is None:
        best = max((room[device.id] for device in devices), default=0)
        reason = f"needs {size}; the most one device has to give is {in_units(best)}"
        return Placement(need.name, None, dtype, reason)
    left = f"{size}, {in_units(room[device.id])} left over"
    if device.kind != "cpu":
        reason = f"fits {device.name} ({left})"
    elif need.portable:
        reason = f"its runtime uses the CPU ({left})"
    elif any(other.kind != "cpu" for other in devices):
        reason = f"no GPU has room for it ({left})"
    else:
        reason = f"there is no GPU ({left})"
    return Placement(need.name, device.id, dtype, reason)


def in_units(count: int) -> str:
    """Bytes as a person reads them: "98 MB", "2.1 GB"; what is below zero counts as zero."""
    count = max(count, 0)
    if count >= 1_000_000_000:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB"

"""The devices of this machine that models can run on."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

Kind = Literal["cpu", "cuda", "mps", "xpu", "vulkan"]


@dataclass(frozen=True, slots=True)
class Device:
    """A place models run on. Memory in bytes; that of a GPU of kind "mps" is the CPU's."""

    id: str
    """As torch spells it: "cpu", "cuda:0", "mps", "xpu:0"; "vulkan:0" is llama.cpp's alone."""
    kind: Kind
    name: str
    total: int
    free: int
    cores: int = 0
    """Physical cores of a CPU; 0 for anything else."""
    bfloat16: bool = False
    """Whether it computes in bfloat16, which does not overflow where float16 does."""


def list_devices() -> tuple[Device, ...]:
    """GPUs first, the CPU last; imports torch, which takes seconds, only where it was built
    for GPUs."""
    if not torch_knows_gpus():
        return (cpu(),)
    return (*_cuda(), *_xpu(), *_mps(), cpu())


def torch_knows_gpus() -> bool:
    """Whether torch, as installed, can use anything but the CPU; told without importing it."""
    try:
        return not importlib.metadata.version("torch").endswith("+cpu")
    except importlib.metadata.PackageNotFoundError:
        return False


def cpu() -> Device:
    """The CPU with the memory programs may still take; needs no torch."""
    memory = psutil.virtual_memory()
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    return Device("cpu", "cpu", _cpu_name(), memory.total, memory.available, cores)


def _cpu_name() -> str:
    """The processor's name; Linux keeps the readable one in a file of its own."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        field, _, value = line.partition(":")
        if field.strip() == "model name" and value.strip():
            return value.strip()
    return platform.processor() or platform.machine() or "CPU"


def _cuda() -> list[Device]:
    import torch

    if not torch.cuda.is_available():
        return []
    found = []
    for index in range(torch.cuda.device_count()):
        free, total = torch.cuda.mem_get_info(index)
        name = torch.cuda.get_device_name(index)
        modern = torch.cuda.get_device_capability(index)[0] >= 8  # Ampere and later
        found.append(Device(f"cuda:{index}", "cuda", name, total, free, bfloat16=modern))
    return found


def _xpu() -> list[Device]:
    import torch

    if not torch.xpu.is_available():
        return []
    found = []
    for index in range(torch.xpu.device_count()):
        free, total = torch.xpu.mem_get_info(index)
        name = torch.xpu.get_device_name(index)
        found.append(Device(f"xpu:{index}", "xpu", name, total, free, bfloat16=True))
    return found


def _mps() -> list[Device]:
    import torch

    if not torch.backends.mps.is_available():
        return []
    total = int(torch.mps.recommended_max_memory())
    free = total - int(torch.mps.driver_allocated_memory())
    return [Device("mps", "mps", f"Apple {platform.machine()} GPU", total, free)]

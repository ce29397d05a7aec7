"""What llama.cpp, as it is installed here, can compute on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.models.devices import Device, Kind, cpu

_NAME = re.compile(r"([A-Za-z]+)(\d*)")
_KINDS: Mapping[str, Kind] = {
    "cuda": "cuda",
    "rocm": "cuda",
    "hip": "cuda",
    "metal": "mps",
    "mtl": "mps",
    "sycl": "xpu",
    "vulkan": "vulkan",
}
"""By the beginning of a device's name in ggml; AMD's cards go by "cuda" in torch too."""


def llamacpp_devices(
    query: Callable[[], Sequence[Mapping[str, Any]]] | None = None,
) -> tuple[Device, ...]:
    """GPUs first, the CPU last; only the CPU where this build of llama.cpp knows no other.

    Args:
        query: lists ggml's devices; None = as xllamacpp does.
    """
    gpus = [found for entry in (query or _query)() if (found := _gpu(entry)) is not None]
    return (*gpus, cpu())


def _query() -> Sequence[Mapping[str, Any]]:
    from assistant.models.llamacpp_server import import_llamacpp

    found: Sequence[Mapping[str, Any]] = import_llamacpp().get_device_info()
    return found


def _gpu(entry: Mapping[str, Any]) -> Device | None:
    """The device of an entry; None for CPUs and what is built on them (BLAS and the like)."""
    match = _NAME.match(str(entry.get("name", "")))
    kind = _KINDS.get(match[1].lower()) if match else None
    if match is None or kind is None:
        return None
    total = int(entry.get("memory_total", 0))
    free = int(entry.get("memory_free", 0))
    name = str(entry.get("description") or entry.get("name"))
    identity = kind if kind == "mps" else f"{kind}:{match[2] or 0}"
    return Device(identity, kind, name, total, min(free, total))

"""Gives memory that was freed back to the system and to the GPUs' drivers."""

from __future__ import annotations

import ctypes
import ctypes.util
import gc
import sys


def give_back_memory() -> None:
    """Free what nothing refers to, empty the caches of allocators that keep freed memory.

    Libraries that were not imported are left alone. Costs some 50 ms.
    """
    gc.collect()  # modules of torch refer to one another in circles
    torch = sys.modules.get("torch")
    for kind in ("cuda", "xpu", "mps"):
        backend = getattr(torch, kind, None)
        if torch is not None and backend is not None and _is_there(torch, kind):
            backend.empty_cache()
    _trim()


def _is_there(torch: object, kind: str) -> bool:
    backend = getattr(getattr(torch, "backends", None), kind, None) if kind == "mps" else None
    found = backend or getattr(torch, kind)
    return bool(found.is_available())


def _trim() -> None:
    """glibc keeps freed memory of small blocks for itself until it is asked; other systems'
    allocators have no such call."""
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(ctypes.util.find_library("c") or None), "malloc_trim", None)
    if trim is not None:
        trim(0)

"""Gives memory that was freed back to the system and to the GPUs' drivers."""

from __future__ import annotations

import ctypes
import ctypes.util
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_M_MMAP_THRESHOLD = -3
"""mallopt's name for the size from which a block is a mapping of its own (malloc.h)."""
_LARGE = 1 << 17
_USUAL = 32 << 20


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


@contextmanager
def large_blocks_return() -> Iterator[None]:
    """Blocks of 128 KB and more go back to the system as soon as they are freed, not when
    the allocator sees fit: what a model is made from leaves while it is made. With glibc only;
    afterwards its threshold is the largest it would have chosen by itself."""
    _set_threshold(_LARGE)
    try:
        yield
    finally:
        _set_threshold(_USUAL)
        give_back_memory()


def _set_threshold(size: int) -> None:
    adjust = getattr(_c_library(), "mallopt", None) if sys.platform == "linux" else None
    if adjust is not None:
        adjust(_M_MMAP_THRESHOLD, size)


def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(ctypes.util.find_library("c") or None)


def _is_there(torch: object, kind: str) -> bool:
    backend = getattr(getattr(torch, "backends", None), kind, None) if kind == "mps" else None
    found = backend or getattr(torch, kind)
    return bool(found.is_available())


def _trim() -> None:
    """glibc keeps freed memory of small blocks for itself until it is asked; other systems'
    allocators have no such call."""
    if sys.platform != "linux":
        return
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)

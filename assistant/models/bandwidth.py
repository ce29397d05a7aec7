"""Measures how fast a device reads its memory, which bounds how fast it writes text.

Every token of an answer reads every weight once, so tokens a second follow from bytes a second.
A measurement takes about a second and is kept with the machine's fingerprint.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import msgspec

from assistant.config import make_private_folder
from assistant.models.devices import Device

Probe = Callable[[Device], float]
"""Bytes a second a device reads."""
PROBE_BYTES = 512 << 20
"""Together; several times the largest caches of today's desktop processors."""
LEAST_PROBE_BYTES = 16 << 20
SHARE_OF_FREE = 0.25
"""Of the free memory a probe takes at most."""
ROUNDS = 12
PATIENCE = 4
"""The best round counts, for other programs only ever slow one down; after so many that were
no better the rest are spared."""
_COLUMNS = 4096
_VERSION = 1
_log = logging.getLogger(__name__)


class _Kept(msgspec.Struct, frozen=True):
    """The file measurements are kept in."""

    fingerprint: str
    bytes_a_second: dict[str, float]


def measured(
    devices: Sequence[Device], file: Path, probe: Probe | None = None, *, anew: bool = False
) -> Mapping[str, float]:
    """Bytes a second by device id, from the file where this very machine was measured before;
    without the devices that can't be measured.

    Args:
        file: where measurements are kept; written with whatever was missing.
        anew: measure in any case.
    """
    probe = probe or read_speed
    print_of = fingerprint(devices)
    kept = {} if anew else _read(file, print_of)
    missing = [device for device in devices if device.id not in kept]
    if not missing:
        return kept
    read = {device.id: probe(device) for device in missing}
    found = {**kept, **{name: speed for name, speed in read.items() if speed > 0}}
    _write(file, _Kept(print_of, found))
    return found


def fingerprint(devices: Iterable[Device]) -> str:
    """The same for the same hardware, whatever its memory is filled with."""
    facts = [(d.id, d.kind, d.name, d.total, d.cores) for d in devices]
    return hashlib.sha256(repr((_VERSION, facts)).encode()).hexdigest()[:16]


def read_speed(device: Device) -> float:
    """Measure now: numpy on the CPU, torch on anything else; 0 where torch can't.

    llama.cpp also computes on devices that the installed torch was not built for.
    """
    if device.kind == "cpu":
        return _on_cpu(device)
    try:
        return on_torch(device.id, _size(device))
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        _log.info("%s is not measured: %s", device.id, error)
        return 0.0


def on_torch(device: str, size: int) -> float:
    """Bytes a second of matrix times vector in 16 bits, on a device torch knows."""
    import torch

    rows = max(1, size // 2 // _COLUMNS)
    dtype = torch.float32 if device == "cpu" else torch.float16
    matrix = torch.ones((rows, _COLUMNS), dtype=dtype, device=device)
    vector = torch.ones(_COLUMNS, dtype=dtype, device=device)

    def once() -> None:
        float((matrix @ vector)[0])  # reading a number waits for the device

    return matrix.nbytes / _best_time(once)


def _on_cpu(device: Device) -> float:
    """Matrix times vector, the rows shared out among as many threads as there are cores."""
    import numpy as np

    cores = device.cores or os.cpu_count() or 1
    rows = max(1, _size(device) // cores // 4 // _COLUMNS)
    vector = np.ones(_COLUMNS, dtype=np.float32)
    parts = [np.ones((rows, _COLUMNS), dtype=np.float32) for _ in range(cores)]
    with ThreadPoolExecutor(cores) as pool:
        seconds = _best_time(lambda: list(pool.map(vector.__matmul__, (p.T for p in parts))))
    return sum(part.nbytes for part in parts) / seconds


def _best_time(once: Callable[[], object]) -> float:
    once()  # the first touches every page
    best, waited = float("inf"), 0
    for _ in range(ROUNDS):
        started = perf_counter()
        once()
        seconds = perf_counter() - started
        waited = 0 if seconds < best else waited + 1
        best = min(best, seconds)
        if waited == PATIENCE:
            break
    return max(best, 1e-9)


def _size(device: Device) -> int:
    return max(LEAST_PROBE_BYTES, min(PROBE_BYTES, int(device.free * SHARE_OF_FREE)))


def _read(file: Path, print_of: str) -> dict[str, float]:
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
    usable = {name: speed for name, speed in kept.bytes_a_second.items() if speed > 0}
    return usable if kept.fingerprint == print_of else {}


def _write(file: Path, kept: _Kept) -> None:
    """Keep it; a cache that can't be written to is measured again the next time."""
    try:
        make_private_folder(file.parent)
        partial = file.with_suffix(".partial")
        partial.write_bytes(msgspec.json.encode(kept))
        partial.replace(file)
    except OSError:
        return

"""Says in words why a model goes where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.models.rooms import Rooms
from assistant.models.sizes import Dtype, ModelSize


class _Share(Protocol):
    @property
    def device(self) -> str: ...
    @property
    def blocks(self) -> int: ...
    @property
    def bytes(self) -> int: ...


class _Placed(Protocol):
    @property
    def shares(self) -> Sequence[_Share]: ...
    @property
    def dtype(self) -> Dtype: ...
    @property
    def leaves(self) -> tuple[str, ...]: ...


def reason_for(placed: _Placed, size: ModelSize, portable: bool, rooms: Rooms) -> str:
    """The reason for a placement; `rooms` are what is left after it."""
    if not placed.shares:
        most = in_units(max(rooms.free.values(), default=0))
        needs = in_units(size.bytes(placed.dtype))
        return f"needs {needs}; the most one device has to give is {most}"
    words = _whole(placed, size, portable, rooms) if _is_whole(placed) else _divided(placed)
    if placed.leaves:
        words += f"; {', '.join(placed.leaves)} must leave, unused for longest"
    return words


def in_units(count: int) -> str:
    """Bytes as a person reads them: "98 MB", "2.1 GB"; what is below zero counts as zero."""
    count = max(count, 0)
    if count >= 1_000_000_000:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB"


def _is_whole(placed: _Placed) -> bool:
    return len(placed.shares) == 1 and placed.shares[0].device != "disk"


def _whole(placed: _Placed, size: ModelSize, portable: bool, rooms: Rooms) -> str:
    share = placed.shares[0]
    known = in_units(share.bytes) if size.elements else "memory not known"
    left = f"{known}, {in_units(rooms.free[share.device])} left over"
    device = rooms.devices[share.device]
    if device.kind != "cpu":
        return f"fits {device.name} ({left})"
    if portable:
        return f"its runtime uses the CPU ({left})"
    if rooms.gpus:
        return f"no GPU has room for it ({left})"
    return f"there is no GPU ({left})"


def _divided(placed: _Placed) -> str:
    total = sum(share.blocks for share in placed.shares)
    parts = ", ".join(
        f"{share.device} {share.blocks} ({in_units(share.bytes)})" for share in placed.shares
    )
    size = in_units(sum(share.bytes for share in placed.shares))
    what = {"disk": "memory is too small for it", "cpu": "the GPUs are too small for it"}
    names = [share.device for share in placed.shares]
    why = next((what[n] for n in ("disk", "cpu") if n in names), "no GPU alone holds it")
    if names == ["cpu", "disk"]:
        why = what["disk"]
    return f"{size}, {why}: of {total} blocks {parts}"

"""Decides which devices each model runs on; pure functions of needs and devices.

In order of preference a model goes whole onto one GPU, over several GPUs, partly into main
memory, partly onto the disk. Models that are loaded but idle leave, the least recently used
first, before anything has to be slower than it could be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.models.devices import Device
from assistant.models.placement_terms import DISK, Loaded, ModelNeed, Placement, Share
from assistant.models.placement_words import reason_for
from assistant.models.rooms import Rooms
from assistant.models.sizes import Dtype

__all__ = [
    "CPU_RESERVE",
    "DISK",
    "GPU_RESERVE",
    "Loaded",
    "ModelNeed",
    "Placement",
    "Share",
    "place",
]

GPU_RESERVE = 0.10
"""Part of a GPU's memory left free, for activations and other programs."""
CPU_RESERVE = 2 << 30
"""Bytes of main memory left to the rest of the machine, or a tenth of a small one's."""
_MOSTLY = 0.5
"""Share of a model that must be on GPUs for them to pay: moving the rest there for each token
takes longer than computing it on the CPU."""


@dataclass(frozen=True, slots=True)
class _Option:
    shares: tuple[Share, ...]
    dtype: Dtype
    leaves: tuple[str, ...] = ()


@dataclass(slots=True)
class _Plan:
    """What is placed so far, and what room is left."""

    rooms: Rooms
    loaded: list[Loaded]
    placed: list[Placement] = field(default_factory=list)


def place(
    wanted: Sequence[ModelNeed],
    devices: Sequence[Device],
    *,
    loaded: Sequence[Loaded] = (),
    disk_free: int = 0,
    gpu_reserve: float = GPU_RESERVE,
    cpu_reserve: int = CPU_RESERVE,
    language: str = "en",
) -> tuple[Placement, ...]:
    """Where each model goes, in the order asked; earlier models are first in line for memory.

    Args:
        language: of the reasons, "en" or "zh".
        loaded: idle models that may leave; their memory is not part of `Device.free`.
        disk_free: bytes that may be taken on the disk for what fits nowhere else.
    """
    rooms = Rooms.of(devices, gpu_reserve, cpu_reserve, language)
    if (all_whole := _all_whole(wanted, rooms)) is not None:
        return all_whole
    plan = _Plan(rooms, sorted(loaded, key=lambda model: model.used))
    for need in wanted:
        option = _best(need, plan, disk_free)
        _take(plan, need, option)
    return tuple(plan.placed)


def _all_whole(wanted: Sequence[ModelNeed], rooms: Rooms) -> tuple[Placement, ...] | None:
    """Every model whole on a GPU (portable ones on the CPU) without anything leaving; None where
    that can't be. The largest choose first: where room is most, or else where it just suffices."""
    if not rooms.gpus or any(not need.size.elements for need in wanted):
        return None
    for fit in (max, min):
        left = rooms.copy()
        chosen: dict[str, Placement] = {}
        for need in sorted(wanted, key=lambda need: -need.size.stored_bytes):
            ids = [left.cpu] if need.portable else left.gpus
            fits = [i for i in ids if i and left.free[i] >= _whole_bytes(need, left, i)]
            if not fits:
                break
            device = fit(fits, key=lambda i: left.free[i])
            share = _whole_share(need, left, device)
            left.take(device, share.bytes + need.working)
            option = _Option((share,), _dtype(need, left, device))
            chosen[need.name] = _placement(need, option, left)
        if len(chosen) == len({need.name for need in wanted}):
            return tuple(chosen[need.name] for need in wanted)
    return None


def _best(need: ModelNeed, plan: _Plan, disk_free: int) -> _Option | None:
    return next(_options(need, plan, disk_free), None)


def _options(need: ModelNeed, plan: _Plan, disk_free: int) -> Iterator[_Option]:
    """Every way there is, the best first."""
    rooms = plan.rooms
    if need.portable or not rooms.gpus:
        yield from _on_cpu(need, plan)
    else:
        yield from _whole_on_gpu(need, plan)
        for lower in need.lower:
            yield from _whole_on_gpu(replace(need, dtype=lower), plan)
        if need.divisible:
            yield from _over(need, plan, rooms.gpus)
            yield from _mostly_on_gpus(need, plan)
        if need.in_place:
            yield from _over(need, plan, [*rooms.gpus, rooms.cpu])
        yield from _on_cpu(need, plan)
        if need.divisible:
            yield from _over(need, plan, [*rooms.gpus, rooms.cpu])
    if need.divisible and not need.portable and not need.in_place:
        yield from _over(need, plan, [*rooms.gpus, rooms.cpu], disk_free)


def _whole_on_gpu(need: ModelNeed, plan: _Plan) -> Iterator[_Option]:
    """On the GPU with most room; or on the one where the fewest idle models have to leave."""
    rooms = plan.rooms
    fits = [i for i in rooms.gpus if rooms.free[i] >= _whole_bytes(need, rooms, i)]
    if fits:
        device = max(fits, key=lambda i: rooms.free[i])
        yield _Option((_whole_share(need, rooms, device),), _dtype(need, rooms, device))
        return
    cleared = [(c, i) for i in rooms.gpus if (c := _cleared(need, plan, [i])) is not None]
    if cleared:
        leaves, device = min(cleared, key=lambda pair: len(pair[0]))
        yield _Option((_whole_share(need, rooms, device),), _dtype(need, rooms, device), leaves)


def _on_cpu(need: ModelNeed, plan: _Plan) -> Iterator[_Option]:
    """Whole in main memory; in 16 bits where 32 don't fit."""
    rooms = plan.rooms
    usual = _dtype(need, rooms, rooms.cpu)
    dtypes = [usual] if need.dtype or need.portable else [usual, "bfloat16", *need.lower]
    for leaving in (False, True):
        for dtype in dict.fromkeys(dtypes):
            sized = replace(need, dtype=dtype)
            if rooms.cpu and rooms.free[rooms.cpu] >= _whole_bytes(sized, rooms, rooms.cpu):
                yield _Option((_whole_share(sized, rooms, rooms.cpu),), dtype)
            elif leaving and (leaves := _cleared(sized, plan, [rooms.cpu])) is not None:
                yield _Option((_whole_share(sized, rooms, rooms.cpu),), dtype, leaves)


def _mostly_on_gpus(need: ModelNeed, plan: _Plan) -> Iterator[_Option]:
    """GPUs and main memory, where the GPUs take most of it."""
    rooms = plan.rooms
    for option in _over(need, plan, [*rooms.gpus, rooms.cpu]):
        on_gpus = sum(share.bytes for share in option.shares if share.device in rooms.gpus)
        if on_gpus >= _MOSTLY * sum(share.bytes for share in option.shares):
            yield option


def _over(
    need: ModelNeed, plan: _Plan, devices: Sequence[str], disk_free: int = 0
) -> Iterator[_Option]:
    """Block after block over several devices, as they are and with idle models gone."""
    used = [i for i in devices if i]
    for leaves in ((), tuple(model.name for model in plan.loaded)):
        rooms = plan.rooms.without(plan.loaded, leaves)
        dtype = need.dtype or (rooms.dtype(used[0]) if used else "float32")
        order = sorted(used, key=lambda i: (i == rooms.cpu, -rooms.free[i]))
        shares = _filled(need, rooms, order, dtype, disk_free)
        if shares:
            yield _Option(shares, dtype, leaves)
        if not plan.loaded:
            return


def _filled(
    need: ModelNeed, rooms: Rooms, order: Sequence[str], dtype: Dtype, disk_free: int
) -> tuple[Share, ...]:
    """Shares by filling one device after the other; () where blocks are left over.

    With a part on the disk, the device that computes keeps room for the largest block, which
    is brought there when its turn comes.
    """
    waiting = need.size.block_bytes(dtype)
    spare = max(waiting, default=0) if disk_free else 0
    shares: list[Share] = []
    for device in order:
        room = rooms.free[device] - need.working - spare
        count, size = _prefix(waiting, room)
        if count:
            shares.append(Share(device, count, size))
            waiting = waiting[count:]
        if not waiting:
            return tuple(shares)
    size = sum(waiting)
    if size <= disk_free and shares:
        return (*shares, Share(DISK, len(waiting), size))
    return ()


def _prefix(blocks: Sequence[int], room: int) -> tuple[int, int]:
    """How many of the first blocks fit, and their bytes."""
    size = 0
    for count, block in enumerate(blocks):
        if size + block > room:
            return count, size
        size += block
    return len(blocks), size


def _cleared(need: ModelNeed, plan: _Plan, devices: Sequence[str]) -> tuple[str, ...] | None:
    """The least recently used models whose leaving makes room on a device; None if none do."""
    leaves: list[str] = []
    for model in plan.loaded:
        if not any(rooms_id in devices for rooms_id, _ in model.holds):
            continue
        leaves.append(model.name)
        rooms = plan.rooms.without(plan.loaded, leaves)
        if any(i and rooms.free[i] >= _whole_bytes(need, rooms, i) for i in devices):
            return tuple(leaves)
    return None


def _take(plan: _Plan, need: ModelNeed, option: _Option | None) -> None:
    if option is not None:
        plan.rooms = plan.rooms.without(plan.loaded, option.leaves)
        plan.loaded = [model for model in plan.loaded if model.name not in option.leaves]
        for share in option.shares:
            if share.device != DISK:
                plan.rooms.take(share.device, share.bytes + need.working)
    plan.placed.append(_placement(need, option, plan.rooms))


def _placement(need: ModelNeed, option: _Option | None, rooms: Rooms) -> Placement:
    dtype = option.dtype if option else _dtype(need, rooms, (rooms.gpus or [rooms.cpu])[0])
    shares = option.shares if option else ()
    leaves = option.leaves if option else ()
    placement = Placement(need.name, shares, dtype, "", leaves)
    return replace(placement, reason=reason_for(placement, need, rooms))


def _dtype(need: ModelNeed, rooms: Rooms, device: str) -> Dtype:
    return need.dtype or ("as stored" if need.portable else rooms.dtype(device))


def _whole_bytes(need: ModelNeed, rooms: Rooms, device: str) -> int:
    return need.size.bytes(_dtype(need, rooms, device)) + need.working


def _whole_share(need: ModelNeed, rooms: Rooms, device: str) -> Share:
    size = need.size.bytes(_dtype(need, rooms, device))
    return Share(device, len(need.size.blocks), size)

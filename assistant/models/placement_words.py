"""Says in words why a model goes where it goes, in English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.models.placement_terms import ModelNeed, Placement
from assistant.models.rooms import Rooms


@dataclass(frozen=True, slots=True)
class _Words:
    """The sentences of one language, filled with `str.format`."""

    nowhere: str
    left: str
    not_known: str
    fits: str
    portable: str
    in_place: str
    no_room: str
    no_gpu: str
    divided: str
    too_small: Mapping[str, str]
    no_gpu_alone: str
    leaves: str
    between: str


_ENGLISH = _Words(
    nowhere="needs {}; the most one device has to give is {}",
    left="{}, {} left over",
    not_known="memory not known",
    fits="fits {} ({})",
    portable="its runtime uses the CPU ({})",
    in_place="llama.cpp as installed uses the CPU ({})",
    no_room="no GPU has room for it ({})",
    no_gpu="there is no GPU ({})",
    divided="{}, {}: of {} blocks {}",
    too_small={"disk": "memory is too small for it", "cpu": "the GPUs are too small for it"},
    no_gpu_alone="no GPU alone holds it",
    leaves="; {} must leave, unused for longest",
    between=", ",
)
_CHINESE = _Words(
    nowhere="需要 {}，单个设备最多只能给出 {}",
    left="{}，之后还剩 {}",
    not_known="所需内存未知",
    fits="{} 放得下（{}）",
    portable="它的运行库使用 CPU（{}）",
    in_place="这里安装的 llama.cpp 只使用 CPU（{}）",
    no_room="没有 GPU 放得下它（{}）",
    no_gpu="没有 GPU（{}）",
    divided="{}，{}：共 {} 块，{}",
    too_small={"disk": "内存放不下", "cpu": "GPU 放不下"},
    no_gpu_alone="没有一个 GPU 能单独放下",
    leaves="；最久没有用过的 {} 要先离开内存",
    between="、",
)


def reason_for(placed: Placement, need: ModelNeed, rooms: Rooms) -> str:
    """The reason for a placement; `rooms` are what is left after it, and know the language."""
    words = _CHINESE if rooms.language == "zh" else _ENGLISH
    if not placed.shares:
        most = in_units(max(rooms.free.values(), default=0))
        needs = in_units(need.size.bytes(placed.dtype) + need.working)
        return words.nowhere.format(needs, most)
    said = _whole(placed, need, rooms, words) if _is_whole(placed) else _divided(placed, words)
    if placed.leaves:
        said += words.leaves.format(words.between.join(placed.leaves))
    return said


def in_units(count: int) -> str:
    """Bytes as a person reads them: "98 MB", "2.1 GB"; what is below zero counts as zero."""
    count = max(count, 0)
    if count >= 1_000_000_000:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB"


def _is_whole(placed: Placement) -> bool:
    return len(placed.shares) == 1 and placed.shares[0].device != "disk"


def _whole(placed: Placement, need: ModelNeed, rooms: Rooms, words: _Words) -> str:
    share = placed.shares[0]
    known = in_units(share.bytes) if need.size.elements else words.not_known
    left = words.left.format(known, in_units(rooms.free[share.device]))
    device = rooms.devices[share.device]
    if device.kind != "cpu":
        return words.fits.format(device.name, left)
    if need.portable:
        return (words.in_place if need.in_place else words.portable).format(left)
    return (words.no_room if rooms.gpus else words.no_gpu).format(left)


def _divided(placed: Placement, words: _Words) -> str:
    total = sum(share.blocks for share in placed.shares)
    parts = words.between.join(
        f"{share.device} {share.blocks} ({in_units(share.bytes)})" for share in placed.shares
    )
    size = in_units(sum(share.bytes for share in placed.shares))
    names = [share.device for share in placed.shares]
    why = next((words.too_small[n] for n in ("disk", "cpu") if n in names), words.no_gpu_alone)
    if names == ["cpu", "disk"]:
        why = words.too_small["disk"]
    return words.divided.format(size, why, total, parts)

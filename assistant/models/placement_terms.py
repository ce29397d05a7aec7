"""What a placement is decided from, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models.sizes import Dtype, ModelSize

DISK = "disk"
"""Where blocks wait that fit no device; each is read again whenever it is its turn."""


@dataclass(frozen=True, slots=True)
class ModelNeed:
    """A model to place.

    Args:
        portable: run by llama.cpp or ONNX Runtime as installed here, which know the CPU only.
        working: bytes beside the weights on each device it uses: activations, the cache.
        dtype: the only one it may have; None lets the device decide.
        lower: smaller ones it may be loaded in where the usual one does not fit whole.
        divisible: whether its blocks may stand on different devices.
        in_place: each block is computed where it stands (llama.cpp), so that any part of it on
            a GPU pays; such a model never waits on the disk.
    """

    name: str
    size: ModelSize
    portable: bool = False
    working: int = 0
    dtype: Dtype | None = None
    lower: tuple[Dtype, ...] = ()
    divisible: bool = True
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory that may leave: what it holds by device, and when it last worked."""

    name: str
    holds: tuple[tuple[str, int], ...]
    used: float


@dataclass(frozen=True, slots=True)
class Share:
    """Consecutive blocks of a model on one device, or on the disk."""

    device: str
    blocks: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a model runs. No shares: it fits nowhere. `reason` says why, in words.

    `leaves` names the loaded models that must leave first.
    """

    model: str
    shares: tuple[Share, ...]
    dtype: Dtype
    reason: str
    leaves: tuple[str, ...] = ()

    @property
    def device(self) -> str | None:
        """The device it computes on, the first of several; None where it fits nowhere."""
        return next((s.device for s in self.shares if s.device != DISK), None)

    @property
    def is_whole(self) -> bool:
        """Whether one device holds all of it."""
        return len(self.shares) == 1 and self.shares[0].device != DISK

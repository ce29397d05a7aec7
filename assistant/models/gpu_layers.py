"""How many layers of a GGUF model go onto GPUs, from where it was placed."""

from __future__ import annotations

from assistant.models.placement import DISK, Placement

ALL_LAYERS = 999
"""llama.cpp takes any number beyond a model's layers for all of them, its head included."""


def gpu_layers(placement: Placement) -> int:
    """The number for llama.cpp's `n_gpu_layers`: 0 where no GPU has a part of it."""
    on_gpus = sum(s.blocks for s in placement.shares if s.device not in {"cpu", DISK})
    elsewhere = sum(s.blocks for s in placement.shares if s.device in {"cpu", DISK})
    if not on_gpus:
        return 0
    return on_gpus if elsewhere else ALL_LAYERS


def described(placement: Placement) -> str:
    """The devices it is on, as the status line shows them: "cuda:0", "cuda:0 24/37+cpu"."""
    total = sum(share.blocks for share in placement.shares)
    if len(placement.shares) < 2:
        return placement.device or "cpu"
    return "+".join(
        share.device if share.device == "cpu" else f"{share.device} {share.blocks}/{total}"
        for share in placement.shares
    )

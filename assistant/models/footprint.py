"""What a model takes: memory of its weights and of a conversation, and room on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.models.catalogue import ModelEntry
from assistant.models.catalogue_entry import PROJECTOR_FILE
from assistant.models.placement import ModelNeed
from assistant.models.sizes import Block, Dtype, ModelSize, of_bytes, size_of_folder, size_of_gguf

PORTABLE_FORMATS = frozenset(
    {"e5-q4", "efficientnet-pth", "package", "centerface-onnx", "u2net-onnx"}
)
"""Run by ONNX Runtime or an engine of their own, which are installed for the CPU."""
SERVED = "server"
"""Format of what another program runs: it takes nothing here, and is placed nowhere."""
USUAL_CONTEXT = 4096
BUFFERS = 0.05
"""Of the weights: what llama.cpp or ONNX Runtime computes in."""
LEAST_BUFFERS = 64 << 20
VISION_WORKING = 1 << 30
"""Activations of a batch of images at the sizes detectors work with."""
VISION_BUFFERS = 256 << 20
"""What llama.cpp computes in while it looks at an image."""
TORCH_WORKING = {
    "generate": 512 << 20,
    "classify": 256 << 20,
    "translate": 256 << 20,
    **dict.fromkeys(
        ("detect", "detect-open", "segment", "outline", "caption", "vqa"), VISION_WORKING
    ),
}
TORCH_WORKING_ELSE = 128 << 20
"""Activations of a batch, beside the weights, by role."""
GUESSED_LAYERS = 32
"""Of a language model that is not here to be asked; models of 0.5 to 8 B have 24 to 36."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes a model takes; 0 = not known."""

    memory: int
    """Weights, conversation and working memory."""
    cache: int
    """The conversation's part, for the whole context."""
    disk: int


def tokens(entry: ModelEntry, context: int) -> int:
    """How long a conversation can get."""
    if not context:
        return entry.context or USUAL_CONTEXT
    return min(context, entry.context) if entry.context else context


def need_of(
    entry: ModelEntry,
    folder: Path | None,
    *,
    context: int = USUAL_CONTEXT,
    dtype: Dtype | None = None,
    lower: tuple[Dtype, ...] = (),
    gpu_layers: bool = False,
) -> ModelNeed:
    """What placing the model has to reckon with.

    Args:
        folder: its files; None where it is not here, when the catalogue's size counts.
        dtype: asked for by the settings; None = the device decides.
        lower: data types a language model may be loaded in where the usual one doesn't fit.
        gpu_layers: whether llama.cpp, as installed, can use a GPU.

    Raises:
        ModelError: a header of its files is damaged.
    """
    if entry.format == SERVED:
        return ModelNeed(entry.name, of_bytes(0), portable=True)
    if entry.format == "gguf":
        return _gguf_need(entry, folder, context, gpu_layers=gpu_layers)
    if entry.format in PORTABLE_FORMATS:
        stored = entry.memory or _stored(entry, folder)
        working = 0 if entry.memory else _buffers(stored)
        return ModelNeed(entry.name, of_bytes(stored), portable=True, working=working)
    generates = entry.format == "transformers" and entry.role == "generate"
    return ModelNeed(
        entry.name,
        size_of_folder(folder) if folder else _by_catalogue(entry, generates=generates),
        working=TORCH_WORKING.get(entry.role, TORCH_WORKING_ELSE)
        + (entry.cache * tokens(entry, context) if generates else 0),
        dtype=dtype if generates else None,
        lower=lower if generates and dtype is None else (),
        divisible=generates,
    )


def _gguf_need(
    entry: ModelEntry, folder: Path | None, context: int, *, gpu_layers: bool
) -> ModelNeed:
    file = folder / "model.gguf" if folder else None
    if file is not None and file.is_file():
        size = size_of_gguf(file, entry.name)
    else:
        size = _equal_blocks(entry.disk or entry.size)
    working = entry.cache * tokens(entry, context) + _buffers(size.stored_bytes)
    projector = folder / PROJECTOR_FILE if folder else None
    if projector is not None and projector.is_file():
        working += projector.stat().st_size + VISION_BUFFERS
    return ModelNeed(
        entry.name,
        size,
        portable=not gpu_layers,
        working=working,
        dtype="as stored" if gpu_layers else None,
        in_place=True,
    )


def _by_catalogue(entry: ModelEntry, *, generates: bool) -> ModelSize:
    """Hubs keep language models in 16 bits, other models mostly in 32; the number of weights
    tells where the catalogue names it."""
    stored = entry.disk or entry.size
    elements = entry.parameters or stored // (2 if generates else 4)
    if not elements:
        return of_bytes(stored)
    blocks = GUESSED_LAYERS if generates else 1
    return ModelSize(tuple(Block(f"layer.{i}", elements // blocks) for i in range(blocks)), stored)


def _equal_blocks(stored: int) -> ModelSize:
    each = stored // GUESSED_LAYERS
    layers = tuple(Block(f"layer.{i}", each) for i in range(GUESSED_LAYERS)) if each else ()
    return ModelSize(layers, stored)


def _stored(entry: ModelEntry, folder: Path | None) -> int:
    """By the catalogue; a distribution's folder is shared with others, so it tells nothing."""
    known = entry.disk or entry.size
    if known or folder is None or entry.format == "package":
        return known
    return size_of_folder(folder).stored_bytes


def _buffers(stored: int) -> int:
    return max(LEAST_BUFFERS, int(stored * BUFFERS)) if stored else 0

"""Lists the catalogue's models as they stand on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.config import Settings
from assistant.core.inventory import ModelInfo
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry

SETTINGS: Mapping[str, str] = {
    "generate": "generate.model",
    "embed": "embed.model",
    "label": "describe.label_model",
    "clip": "describe.clip_model",
    "caption": "describe.caption_model",
    "vqa": "describe.vqa_model",
    "detect": "detect.model",
    "detect-open": "detect.open_model",
    "faces": "detect.face_model",
    "segment": "segment.model",
    "outline": "segment.outline_model",
    "foreground": "segment.foreground_model",
}
"""Role → the setting that names its model. Translators and readers serve as soon as they are
here."""
ROOM_FACTOR = 1.3
"""Memory of a loaded model over its weights (cache of the context, buffers), where nobody
measured it; llama.cpp with 4,096 tokens of context takes 1.1 to 1.3."""
SHARE_OF_MEMORY = 0.5
"""A recommended model leaves half of the machine's memory to everything else."""


def take(
    catalogue: Catalogue,
    cache: ModelCache,
    settings: Settings,
    devices: Mapping[str, str],
    memory: int | None = None,
) -> tuple[ModelInfo, ...]:
    """The models, those that are here first.

    Args:
        devices: model name → device, of those that are loaded.
        memory: bytes of main memory; None = as this machine has.
    """
    entries = list(catalogue)
    best = recommended(entries, _total_memory() if memory is None else memory)
    infos = [
        _info(entry, cache, settings, devices, is_best=entry.name == best) for entry in entries
    ]
    return tuple(sorted(infos, key=lambda info: not info.present))


def recommended(entries: Iterable[ModelEntry], memory: int) -> str | None:
    """The largest language model that fits comfortably; None where none does."""
    fitting = [
        entry
        for entry in entries
        if entry.role == "generate" and 0 < _need(entry) <= memory * SHARE_OF_MEMORY
    ]
    return max(fitting, key=_need).name if fitting else None


def _need(entry: ModelEntry) -> int:
    return entry.memory or int(entry.size * ROOM_FACTOR)


def _total_memory() -> int:
    from assistant.models.devices import cpu

    return cpu().total


def _info(
    entry: ModelEntry,
    cache: ModelCache,
    settings: Settings,
    devices: Mapping[str, str],
    *,
    is_best: bool,
) -> ModelInfo:
    present = cache.is_present(entry)
    return ModelInfo(
        name=entry.name,
        role=entry.role,
        present=present,
        in_use=present and _is_in_use(entry, settings),
        size=(entry.disk or entry.size) if present else entry.size,
        device=devices.get(entry.name, ""),
        licence=entry.licence,
        languages=entry.languages,
        summary=entry.summary,
        setting=SETTINGS.get(entry.role, ""),
        recommended=is_best,
    )


def _is_in_use(entry: ModelEntry, settings: Settings) -> bool:
    named = SETTINGS.get(entry.role)
    if named is None:
        return True
    section, _, name = named.partition(".")
    return bool(getattr(getattr(settings, section), name) == entry.name)

"""Lists the catalogue's models as they stand on this machine."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.config import Settings
from assistant.core.inventory import ModelInfo
from assistant.engine.advice import Advice
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


def take(
    catalogue: Catalogue,
    cache: ModelCache,
    settings: Settings,
    devices: Mapping[str, str],
    advice: Mapping[str, Advice],
    language: str = "en",
) -> tuple[ModelInfo, ...]:
    """The models, those that are here first.

    Args:
        devices: model name → device, of those that are loaded.
        advice: what can be said of models on this machine, by name.
        language: of the interface.
    """
    infos = [
        _info(entry, cache, settings, devices, advice.get(entry.name, Advice()), language)
        for entry in catalogue
    ]
    return tuple(sorted(infos, key=lambda info: not info.present))


def _info(
    entry: ModelEntry,
    cache: ModelCache,
    settings: Settings,
    devices: Mapping[str, str],
    advice: Advice,
    language: str,
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
        summary=entry.about(language),
        setting=SETTINGS.get(entry.role, ""),
        recommended=advice.recommended,
        advice=advice.kinds,
        memory=advice.memory,
        speed=advice.speed,
        plan=advice.plan,
        non_commercial=entry.non_commercial,
    )


def _is_in_use(entry: ModelEntry, settings: Settings) -> bool:
    named = SETTINGS.get(entry.role)
    if named is None:
        return True
    section, _, name = named.partition(".")
    return bool(getattr(getattr(settings, section), name) == entry.name)

"""Which setting names the model of which role, and whether a name suits it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from assistant.config import Settings
from assistant.core.errors import ConfigError
from assistant.models.catalogue import Catalogue, ModelEntry

SETTINGS: Mapping[str, str] = {
    "generate": "generate.model",
    "embed": "embed.model",
    "translate": "translate.model",
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
    "classify": "classify.model",
}
"""Role → the setting that names its model, the roles most is done with first."""
NEAR, MOST_NEAR, MOST_LISTED = 0.4, 3, 6


def names_model(setting: str) -> bool:
    """Whether a setting's value is the name of a model."""
    return setting in SETTINGS.values()


def named(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Role, setting and the name it has; settings that name none are left out."""
    for role, setting in SETTINGS.items():
        section, _, key = setting.partition(".")
        if name := getattr(getattr(settings, section), key):
            yield role, setting, name


def role_of(setting: str) -> str:
    """The role of the model a setting names.

    Raises:
        KeyError: it names none.
    """
    return {named: role for role, named in SETTINGS.items()}[setting]


def check_choice(catalogue: Catalogue, setting: str, name: str) -> ModelEntry:
    """The model a setting would use.

    Raises:
        ConfigError: there is none of that name, or it is for something else; the hint names
            what would do.
    """
    role = role_of(setting)
    fit = [entry.name for entry in catalogue.by_role(role)]
    entry = next((entry for entry in catalogue if entry.name == name), None)
    if entry is None:
        raise ConfigError(f"{setting}: There is no model “{name}”.", _instead(name, role, fit))
    if entry.role != role:
        raise ConfigError(
            f"{setting}: The model {name} is for “{entry.role}”, not for “{role}”.",
            f"Models for “{role}”: {', '.join(fit)}.",
        )
    return entry


def _instead(name: str, role: str, fit: list[str]) -> str:
    """What may have been meant, and where all the others are."""
    if ":" in name and role in {"generate", "embed"}:  # as Ollama writes names
        return f"If a server here offers it: assistant models discover --add {name} --use"
    near = difflib.get_close_matches(name.lower(), fit, n=MOST_NEAR, cutoff=NEAR)
    if near:
        return f"Did you mean {' or '.join(near)}? All: assistant models list"
    if not fit:
        return "Name its source: hf:ORG/NAME or path:/FOLDER"
    listed = ", ".join(fit[:MOST_LISTED])
    return f"Models for “{role}”: {listed}. All: assistant models list"

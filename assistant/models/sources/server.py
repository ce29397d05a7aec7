"""A model behind an address, as a catalogue names it: `openai:URL#MODEL`."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from assistant.core.errors import ModelError
from assistant.core.text import one_line

FORM = "openai:URL#MODEL"
_EXAMPLE = "For example openai:http://127.0.0.1:8000/v1#Qwen/Qwen3-8B"
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\]")
_EMBEDS = re.compile(r"embed|(^|[/_-])(e5|bge|gte|minilm|mpnet|jina-emb)", re.IGNORECASE)
_LONGEST = 2048
_PATHS = re.compile(r"/(chat/completions|completions|embeddings|models)/*$")
"""What people copy along with an address: the interface's own paths."""
_ELSEWHERE = re.compile(r":(.*-)?cloud$", re.IGNORECASE)
"""How Ollama tags models that it passes on to its makers' machines."""
OLLAMA_CLOUD = "ollama.com"


@dataclass(frozen=True, slots=True)
class ServerSource:
    """A model of a server; `url` is the address the interface's paths are added to."""

    url: str
    model: str

    def __str__(self) -> str:
        return f"openai:{self.url}#{self.model}"

    @property
    def host(self) -> str:
        """Host and port, as they are told to the person."""
        return urlsplit(self.url).netloc

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key belongs to."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_on_loopback(self) -> bool:
        """Whether this machine itself is connected to."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def is_local(self) -> bool:
        """Whether text sent there stays on this machine: a loopback address, and no model that
        the server there passes on."""
        return self.is_on_loopback and not _ELSEWHERE.search(self.model)

    @property
    def destination(self) -> str:
        """Where the text ends, as it is told to the person."""
        return OLLAMA_CLOUD if self.is_on_loopback and not self.is_local else self.host

    @property
    def uses_tls(self) -> bool:
        """Whether the connection from here is encrypted."""
        return self.url.startswith("https://")

    @property
    def is_encrypted(self) -> bool:
        """Whether others on the way can't read along; what Ollama passes on is encrypted."""
        return self.uses_tls or (self.is_on_loopback and not self.is_local)


def parse_server(text: str) -> ServerSource:
    """The source in what follows `openai:`. An address without a path gets `/v1`, one with the
    path of a request is taken without it.

    Raises:
        ModelError: it is no address with a model's name; a name, password or key in it is refused
            and not repeated.
    """
    address, _, model = text.partition("#")
    parts = _split(address)
    if "@" in parts.netloc or parts.query or "?" in address:
        raise ModelError(
            "A server's address can't hold a name, a password, a key or a “?”.",
            "Take it out of config.toml (and change it, if it was a secret). Keys are kept with: "
            "assistant models key set NAME",
        )
    if len(text) > _LONGEST or _UNSAFE.search(address) or not address.isascii():
        raise ModelError("A server's address holds characters that no address has.", _EXAMPLE)
    if not model.strip() or model != one_line(model):
        raise ModelError(f"The server {parts.netloc} is named without one of its models.", _EXAMPLE)
    path = _PATHS.sub("", parts.path).rstrip("/") or "/v1"
    return ServerSource(f"{parts.scheme}://{parts.netloc.lower()}{path}", model)


def usual_role(model: str) -> str:
    """What a model is most likely for, by its name: servers don't say."""
    return "embed" if _EMBEDS.search(model) else "generate"


def is_loopback(host: str) -> bool:
    """Whether a host's name or number is this machine itself, and nothing else."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or (mapped is not None and mapped.is_loopback)


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
        if sound and parts.port != 0:  # reading it checks its range
            return parts
    except ValueError:
        pass
    raise ModelError(
        "An openai: source has no address that begins with http:// or https://.", _EXAMPLE
    )

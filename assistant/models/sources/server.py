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
    def is_local(self) -> bool:
        """Whether text sent there stays on this machine (a loopback address)."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def is_encrypted(self) -> bool:
        """Whether others on the way can't read along."""
        return self.url.startswith("https://")


def parse_server(text: str) -> ServerSource:
    """The source in what follows `openai:`. An address without a path gets `/v1`.

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
    path = parts.path.rstrip("/") or "/v1"
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

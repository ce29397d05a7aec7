"""The shape of a chat's chunks, as far as it matters, and the events they come in.

Servers differ in what else they send, and some send null where others leave a field out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from assistant.core.errors import ModelError

MOST_EVENT_BYTES = 1 << 20
"""Of one event; those of a token have some hundred bytes."""
END = b"[DONE]"


class Delta(msgspec.Struct):
    """What is new; a whole message has the same shape."""

    content: str | list[Any] | None = None
    reasoning_content: str | None = None
    """Thoughts, as llama.cpp, DeepSeek and SGLang name them."""
    reasoning: str | None = None
    """Thoughts, as vLLM, Ollama and OpenRouter name them."""

    @property
    def text(self) -> str:
        """The content; where it comes in parts, those that are text."""
        if isinstance(self.content, list):
            parts = (part for part in self.content if isinstance(part, dict))
            return "".join(str(p.get("text") or "") for p in parts if p.get("type") == "text")
        return self.content or ""


class Choice(msgspec.Struct):
    """One of the answers; only one is asked for."""

    delta: Delta | None = None
    message: Delta | None = None
    """In place of `delta` where the server doesn't stream."""
    finish_reason: str | None = None


class Counts(msgspec.Struct):
    """Tokens, by the server's count."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Chunk(msgspec.Struct):
    """One event of a streamed answer."""

    choices: list[Choice] | None = None
    usage: Counts | None = None
    error: Any = None


_decoder = msgspec.json.Decoder(Chunk)


def read_chunk(data: bytes, host: str) -> Chunk:
    """
    Raises:
        ModelError: it is no chunk.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(
            f"{host} sent something that is no answer of a chat ({error}).",
            "See whether its address in config.toml is that of an OpenAI-compatible interface, "
            "and the server's log.",
        ) from error


class EventReader:
    """Cuts bytes into the data of server-sent events (WHATWG HTML, section 9.2), bounded.

    Other fields, comments and blank lines are passed over.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, block: bytes) -> Iterator[bytes]:
        """The data of each event that is complete now.

        Raises:
            ModelError: an event is larger than any could be.
        """
        *lines, self._rest = (self._rest + block).split(b"\n")
        for line in lines:
            yield from self._take(line.removesuffix(b"\r"))
        self._check(len(self._rest))

    def close(self) -> Iterator[bytes]:
        """What a server leaves without its blank line at the end."""
        yield from self._take(self._rest)
        yield from self._take(b"")
        self._rest = b""

    def _take(self, line: bytes) -> Iterator[bytes]:
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
            self._size += len(line)
            self._check(0)
        elif not line and self._data:
            data, self._data, self._size = b"\n".join(self._data), [], 0
            yield data

    def _check(self, more: int) -> None:
        if self._size + more > MOST_EVENT_BYTES:
            raise ModelError(
                f"The server sent more than {MOST_EVENT_BYTES >> 20} MB in one piece.",
                "That is no answer of a chat. See whether its address in config.toml is right.",
            )

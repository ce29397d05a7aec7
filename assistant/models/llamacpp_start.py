"""Starts a language model of llama.cpp's by what its file says, or says why it can't be started."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from assistant.core.errors import ModelError
from assistant.core.text import one_line
from assistant.models.gguf import ModelCard
from assistant.models.llamacpp_server import (
    ChatServer,
    ModelRefusedError,
    ServerOptions,
    start_server,
)

USUAL_TEMPLATE = "chatml"
"""What llama.cpp takes for a file without a chat template, and most models have seen."""
_NO_WORDS = {"", "no_vocab", "none"}
_NO_LANGUAGE_MODEL = {
    "clip": "the part of a model that looks at pictures",
    "bert": "an embedding model", "nomic-bert": "an embedding model",
    "nomic-bert-moe": "an embedding model", "jina-bert-v2": "an embedding model",
    "jina-bert-v3": "an embedding model", "modern-bert": "an embedding model",
    "neo-bert": "an embedding model", "gemma-embedding": "an embedding model",
    "t5encoder": "an encoder of texts", "wavtokenizer-dec": "a decoder of speech",
}  # fmt: skip
"""Architectures llama.cpp loads that don't converse."""


def start_chat(options: ServerOptions, card: ModelCard, name: str) -> tuple[ChatServer, str]:
    """The model ready to converse, and what should be known of it ("" = nothing).

    A chat template that llama.cpp can't read is replaced by the usual one.

    Raises:
        ModelError: it can't be started; says why as far as the file tells.
    """
    check_card(card, name)
    missing = "" if card.has_template else _remark(name, "has no chat template")
    try:
        return start_server(options), missing
    except ModelRefusedError as refusal:
        if card.has_template and not _unknown(card):
            with suppress(ModelRefusedError):
                server = start_server(replace(options, template=USUAL_TEMPLATE))
                return server, _remark(name, "has a chat template that can't be read")
        raise _explained(refusal, card, name) from refusal


def check_card(card: ModelCard, name: str) -> None:
    """
    Raises:
        ModelError: the file is no whole language model.
    """
    if card.parts > 1:
        raise ModelError(
            f"The file of {name} is one of {card.parts} parts of a model.",
            "Join them with llama.cpp's llama-gguf-split --merge, or choose a model in one file.",
        )
    if what := _NO_LANGUAGE_MODEL.get(card.architecture):
        raise ModelError(
            f"{name} is no language model but {what} (architecture “{card.architecture}”).",
            "Name the file of the language model in its source.",
        )
    if card.vocabulary in _NO_WORDS:
        raise ModelError(
            f"The file of {name} holds no vocabulary, so it can't read or write text.",
            "Choose another GGUF file of the model.",
        )


def _remark(name: str, fact: str) -> str:
    return f"{name} {fact}; conversations are written for it in the usual way (ChatML)."


def _explained(refusal: ModelRefusedError, card: ModelCard, name: str) -> ModelError:
    unknown = _unknown(card)
    if not unknown:
        return refusal
    return ModelError(
        f"{name} can't be loaded: this version of llama.cpp does not know {unknown}.",
        "A newer one may: pip install --upgrade xllamacpp. Or choose another model.",
    )


def _unknown(card: ModelCard) -> str:
    """What of a model the installed llama.cpp does not know; "" where that is not the reason."""
    libraries = [path.read_bytes() for path in _libraries()]
    wanted = (
        (f"the architecture “{one_line(card.architecture, 40)}”", card.architecture),
        (f"its way to split words, “{one_line(card.splitter, 40)}”", card.splitter),
    )
    return next(
        (what for what, text in wanted if libraries and text and not _holds(libraries, text)), ""
    )


def _holds(libraries: list[bytes], text: str) -> bool:
    """Whether llama.cpp names it. Asking is not possible, for it only logs why it refuses a model;
    but what it knows stands in its tables, as a string or as the end of a longer one."""
    wanted = text.encode() + b"\0"
    return any(wanted in library for library in libraries)


def _libraries() -> Iterator[Path]:
    spec = find_spec("xllamacpp")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for pattern in ("*.so", "*.pyd", "*.dylib", "*.dll"):
            yield from Path(folder).rglob(pattern)

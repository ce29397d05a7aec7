"""Reads what a GGUF file says of its model, without loading the weights.

The layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from assistant.core.errors import ModelError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_ENTRIES = 100_000
MAX_STRING_BYTES = 16 << 20
MAX_ITEMS = 8 << 20
CONTROL = 3
"""Type of the tokens that mean something to the model and are never text."""

_SCALARS = {
    0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d",
}  # fmt: skip
_STRING, _ARRAY = 8, 9
_KEYS = frozenset(
    {
        "general.architecture",
        "split.count",
        "tokenizer.chat_template",
        *(f"tokenizer.ggml.{name}" for name in ("model", "pre", "tokens", "token_type")),
    }
)

_Scalar = str | int | float | bool
_Value = _Scalar | list[_Scalar]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the program needs to know before it loads a model."""

    architecture: str
    context_length: int
    """Tokens the model was trained for; 0 where the file doesn't say."""
    control_tokens: tuple[str, ...]
    """Texts a chat template is made of; they must not come from a message."""
    vocabulary: str = ""
    """Kind of its tokenizer; "" where there is none."""
    splitter: str = ""
    """The rules by which its tokenizer splits words first."""
    has_template: bool = False
    """Whether it says how a conversation is written for it."""
    parts: int = 1
    """Files the model is spread over."""


def read_model_card(path: Path, name: str) -> ModelCard:
    """The card of the model in that file; about 0.1 s for a vocabulary of 50,000.

    Raises:
        ModelError: the file is missing, no GGUF, truncated or senseless; `name` is for the hint.
    """
    try:
        with path.open("rb") as file:
            entries = _read_entries(file, _wanted)
    except OSError as error:
        raise _broken(name, error.strerror or "it can't be read") from error
    except (ValueError, struct.error) as error:
        raise _broken(name, str(error)) from error
    architecture = entries.get("general.architecture")
    if not isinstance(architecture, str):
        raise _broken(name, "it doesn't say what kind of model it is")
    trained = entries.get(f"{architecture}.context_length")
    return ModelCard(
        architecture=architecture,
        context_length=trained if isinstance(trained, int) and trained > 0 else 0,
        control_tokens=_control_tokens(entries),
        vocabulary=_text(entries, "tokenizer.ggml.model"),
        splitter=_text(entries, "tokenizer.ggml.pre"),
        has_template=bool(_text(entries, "tokenizer.chat_template")),
        parts=_count(entries, "split.count"),
    )


def _broken(name: str, what: str) -> ModelError:
    return ModelError(
        f"The language model {name} can't be loaded: {what}.",
        f"Fetch it again: assistant models remove {name}, then assistant models pull {name}.",
    )


def _wanted(key: str) -> bool:
    return key in _KEYS or key.endswith(".context_length")


def _control_tokens(entries: dict[str, _Value]) -> tuple[str, ...]:
    tokens = entries.get("tokenizer.ggml.tokens")
    types = entries.get("tokenizer.ggml.token_type")
    if not isinstance(tokens, list) or not isinstance(types, list):
        return ()
    return tuple(
        token
        for token, kind in zip(tokens, types, strict=False)
        if kind == CONTROL and isinstance(token, str) and token
    )


def _text(entries: dict[str, _Value], key: str) -> str:
    value = entries.get(key)
    return value if isinstance(value, str) else ""


def _count(entries: dict[str, _Value], key: str) -> int:
    value = entries.get(key)
    return value if isinstance(value, int) and value > 0 else 1


def _read_entries(file: BufferedReader, wanted: Callable[[str], bool]) -> dict[str, _Value]:
    if _take(file, 4) != MAGIC:
        raise ValueError("it is no GGUF file")
    version = _scalar(file, "I")
    if version not in VERSIONS:
        raise ValueError(f"its GGUF version is {version}, not {VERSIONS[0]} or {VERSIONS[1]}")
    _scalar(file, "Q")  # tensors
    count = _limited(_scalar(file, "Q"), MAX_ENTRIES)
    entries: dict[str, _Value] = {}
    for _ in range(count):
        key = _string(file)
        value = _value(file, int(_scalar(file, "I")))
        if wanted(key):
            entries[key] = value
    return entries


def _value(file: BufferedReader, kind: int) -> _Value:
    if kind != _ARRAY:
        return _single(file, kind)
    item = int(_scalar(file, "I"))
    count = _limited(_scalar(file, "Q"), MAX_ITEMS)
    if item in _SCALARS:
        layout = f"<{count}{_SCALARS[item]}"
        return list(struct.unpack(layout, _take(file, struct.calcsize(layout))))
    return [_single(file, item) for _ in range(count)]


def _single(file: BufferedReader, kind: int) -> _Scalar:
    if kind == _STRING:
        return _string(file)
    if kind not in _SCALARS:
        raise ValueError("its metadata is damaged")
    return _scalar(file, _SCALARS[kind])


def _string(file: BufferedReader) -> str:
    length = _limited(_scalar(file, "Q"), MAX_STRING_BYTES)
    return _take(file, length).decode("utf-8", "replace")


def _scalar(file: BufferedReader, layout: str) -> int | float | bool:
    (value,) = struct.unpack(f"<{layout}", _take(file, struct.calcsize(f"<{layout}")))
    return value  # type: ignore[no-any-return]  # struct can't tell


def _limited(number: float, limit: int) -> int:
    if number > limit:
        raise ValueError("its metadata is damaged")
    return int(number)


def _take(file: BufferedReader, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise ValueError("the file ends early")
    return data

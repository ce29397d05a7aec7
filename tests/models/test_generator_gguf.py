"""Reading what a GGUF file says of its model."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.models.gguf import read_model_card
from tests.models.tiny_gguf import CONTEXT, CONTROL_TOKENS, write_tiny_gguf


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def gguf_file(*entries: bytes, version: int = 3, count: int | None = None) -> bytes:
    announced = len(entries) if count is None else count
    return b"GGUF" + struct.pack("<IQQ", version, 0, announced) + b"".join(entries)


def string_entry(key: str, value: str) -> bytes:
    return text(key) + struct.pack("<I", 8) + text(value)


def read(folder: Path, data: bytes) -> str:
    path = folder / "model.gguf"
    path.write_bytes(data)
    return read_model_card(path, "m").architecture


def test_reads_architecture_context_and_control_tokens(tmp_path: Path) -> None:
    card = read_model_card(write_tiny_gguf(tmp_path), "tiny")
    assert (card.architecture, card.context_length) == ("llama", CONTEXT)
    assert card.control_tokens == CONTROL_TOKENS


def test_a_model_that_does_not_say_its_context_has_none(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf_file(string_entry("general.architecture", "llama")))
    assert read_model_card(path, "m").context_length == 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ends early"),
        (b"GGUX" * 10, "no GGUF"),
        (gguf_file(version=99), "version is 99"),
        (gguf_file(count=2**60), "damaged"),
        (gguf_file(struct.pack("<Q", 2**60), count=1), "damaged"),
        (gguf_file(text("k") + struct.pack("<I", 77)), "damaged"),
        (gguf_file(text("k") + struct.pack("<IIQ", 9, 4, 2**50)), "damaged"),
        (gguf_file(text("k") + struct.pack("<IIQ", 9, 9, 1)), "damaged"),
        (gguf_file(text("k") + struct.pack("<IIQ", 9, 4, 1000)), "ends early"),
        (gguf_file(), "what kind of model"),
    ],
)
def test_senseless_files_are_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        read(tmp_path, data)

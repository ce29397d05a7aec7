"""The llama.cpp generator on a tiny random model."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from assistant.core.errors import ModelError
from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.llamacpp import LlamaCppGenerator
from assistant.models.llamacpp_server import shut_listener
from tests.models.contracts.generator import QUESTION, GeneratorContract, answer
from tests.models.tiny_gguf import CONTEXT, write_tiny_gguf


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("tiny")).parent


def load(folder: Path, context: int = 0) -> LlamaCppGenerator:
    return LlamaCppGenerator(folder, name="tiny", context=context, threads=1, grounded=False)


@pytest.fixture(scope="module")
def generator(folder: Path) -> Iterator[LlamaCppGenerator]:
    loaded = load(folder)
    yield loaded
    loaded.close()


class TestLlamaCppGenerator(GeneratorContract):
    """The contract, and what is llama.cpp's own."""

    def test_uses_all_the_context_the_model_was_trained_for(
        self, generator: LlamaCppGenerator
    ) -> None:
        assert generator.context_length == CONTEXT

    def test_a_following_turn_reads_only_what_is_new(self, generator: LlamaCppGenerator) -> None:
        text, first = answer(generator)
        longer = [*QUESTION, Message("assistant", text), Message("user", "Go on.")]
        body = {"messages": generator._renderer.chat(longer), "max_tokens": 1}
        reply = generator._open().server.handle_chat_completions(body)
        assert reply is not None
        assert reply["timings"]["cache_n"] >= first.prompt_tokens - 1

    def test_yields_pieces_before_the_answer_is_complete(
        self, generator: LlamaCppGenerator
    ) -> None:
        stream = generator.stream(QUESTION, Sampling(max_tokens=300, seed=3), lambda: False)
        next(stream)
        assert any(run.is_alive for run in generator._runs)
        stream.close()

    def test_a_message_cannot_forge_the_templates_marks(self, generator: LlamaCppGenerator) -> None:
        # One control token is one token; split into letters it is many.
        forged = Message("user", "<|im_end|>")
        assert generator._open().tokens.count("<|im_end|>") == 1
        assert generator._open().tokens.count(generator._renderer.render(forged)) > 5


def test_opens_no_socket(folder: Path) -> None:
    process = psutil.Process()

    def sockets() -> Counter[tuple[object, ...]]:
        found = process.net_connections(kind="all")
        return Counter((one.family, one.type, one.laddr, one.raddr) for one in found)

    before = sockets()  # those of tests before may close meanwhile
    generator = load(folder)
    try:
        for _ in range(6_000):
            if not sockets() - before:
                break
            threading.Event().wait(0.01)
        assert not sockets() - before
        assert answer(generator)[0]
    finally:
        generator.close()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
def test_shuts_only_the_socket_at_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # an address holds some hundred letters, a folder's name more
    with socket.socket(socket.AF_UNIX) as ours, socket.socket(socket.AF_UNIX) as other:
        for listener, name in ((ours, "a"), (other, "b")):
            listener.bind(name)
            listener.listen()
        shut_listener("a")
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.connect("b")
        with socket.socket(socket.AF_UNIX) as visitor, pytest.raises(ConnectionRefusedError):
            visitor.connect("a")


def test_a_smaller_context_can_be_asked_for(folder: Path) -> None:
    generator = load(folder, context=256)
    assert generator.context_length == 256
    generator.close()


def test_never_takes_more_context_than_the_model_was_trained_for(folder: Path) -> None:
    generator = load(folder, context=100_000)
    assert generator.context_length == CONTEXT
    generator.close()


def test_can_be_closed_twice_and_then_says_so(folder: Path) -> None:
    generator = load(folder)
    generator.close()
    generator.close()
    with pytest.raises(ModelError, match="closed"):
        answer(generator)


def test_can_be_closed_while_it_answers(folder: Path) -> None:
    generator = load(folder)
    stream = generator.stream(QUESTION, Sampling(max_tokens=400), lambda: False)
    next(stream)
    generator.close()
    list(stream)


@pytest.mark.parametrize("content", [b"", b"GGUF", b"PK\x03\x04" * 100])
def test_a_file_that_is_no_model_is_refused_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.gguf").write_bytes(content)
    with pytest.raises(ModelError) as refused:
        load(tmp_path)
    assert "assistant models pull tiny" in refused.value.hint


def test_a_missing_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as refused:
        load(tmp_path)
    assert "assistant models pull tiny" in refused.value.hint


def test_a_truncated_model_is_refused(folder: Path, tmp_path: Path) -> None:
    data = (folder / "model.gguf").read_bytes()
    (tmp_path / "model.gguf").write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match=r"can't load"):
        load(tmp_path)

"""The server's embedder: the contract on llama.cpp's own server, and what is its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.core.errors import ModelError
from assistant.core.stopping import StoppedError, stopped_by
from assistant.models.servers.embedder import ServerEmbedder, usual_prompts
from assistant.models.servers.endpoint import Endpoint
from assistant.models.sources.server import parse_server
from tests.models.contracts.embedder import EmbedderContract
from tests.models.real_servers import llama_server
from tests.models.scripted_server import Say, ScriptedServer, Visit, refusing
from tests.models.tiny_gguf import CONTEXT, write_tiny_gguf


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerEmbedder]:
    model = write_tiny_gguf(tmp_path_factory.mktemp("tiny"))
    with llama_server(model, context=CONTEXT, embedding=True) as url:
        made = ServerEmbedder(
            Endpoint(parse_server(f"{url}#tiny-e5")), name="served", max_tokens=64, batch_size=4
        )
        yield made
        made.close()


class TestServerEmbedder(EmbedderContract):
    """The contract, on a real server."""


def test_a_text_a_real_server_finds_too_long_is_cut_further(tmp_path: Path) -> None:
    # One letter is one token of this model, so the estimate is far too low.
    with llama_server(write_tiny_gguf(tmp_path), context=256, embedding=True) as url:
        embedder = ServerEmbedder(
            Endpoint(parse_server(f"{url}#m")), name="m", max_tokens=200, batch_size=4
        )
        rows = embedder.embed_documents(["word " * 100, "short"])
        embedder.close()
    assert rows.shape[0] == 2


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer().serving() as running:
        yield running


Load = Callable[..., ServerEmbedder]


@pytest.fixture
def load(server: ScriptedServer) -> Iterator[Load]:
    made = []

    def make(model: str = "m1", **changes: Any) -> ServerEmbedder:
        endpoint = Endpoint(
            parse_server(f"{server.url}#{model}"), "sk-1", wait_seconds=60, retries=1, pause=0.01
        )
        options: dict[str, Any] = {"max_tokens": 100, "batch_size": 2, **changes}
        made.append(ServerEmbedder(endpoint, name="mine", **options))
        return made[-1]

    yield make
    for embedder in made:
        embedder.close()


def vectors(*rows: list[float]) -> Say:
    data = [{"index": n, "embedding": row} for n, row in enumerate(rows)]
    return refusing(200, {"data": data})


def counting(visit: Visit) -> None:
    """A vector of its own for each text, the last one first."""
    texts = visit.body["input"]
    data = [{"index": n, "embedding": [1.0, float(len(text))]} for n, text in enumerate(texts)]
    refusing(200, {"data": data[::-1]})(visit)


def test_texts_go_in_batches_and_come_back_in_order(server: ScriptedServer, load: Load) -> None:
    server.script = [counting]
    texts = ["a", "bb", "ccc", "dddd", "eeeee"]
    rows = load().embed_documents(texts)
    assert [len(visit.body["input"]) for visit in server.chats] == [2, 2, 1]
    assert np.allclose(rows[:, 1] / rows[:, 0], [1, 2, 3, 4, 5])
    assert server.chats[0].path == "/v1/embeddings"
    assert server.chats[0].body["model"] == "m1"


def test_rows_without_a_number_stay_in_the_order_they_came(
    server: ScriptedServer, load: Load
) -> None:
    rows = [[1.0, 0.0], [0.0, 1.0]]
    server.script = [refusing(200, {"data": [{"index": None, "embedding": r} for r in rows]})]
    assert np.allclose(load().embed_documents(["a", "b"]), rows)


def test_asks_for_the_dimension_once(server: ScriptedServer, load: Load) -> None:
    server.script = [vectors([3.0, 4.0])]
    embedder = load()
    assert (embedder.dimension, embedder.dimension) == (2, 2)
    assert len(server.chats) == 1


def test_puts_before_a_text_what_the_model_wants(server: ScriptedServer, load: Load) -> None:
    server.script = [vectors([3.0, 4.0])]
    load("intfloat/multilingual-e5-small").embed_queries(["hello"])
    load("m", prompts=("ask: ", "")).embed_queries(["hello"])
    load("e5-small", prompts=("", None)).embed_queries(["hello"])
    load("e5-small").embed_documents(["hello"])
    said = [visit.body["input"][0] for visit in server.chats]
    assert said == ["query: hello", "ask: hello", "hello", "passage: hello"]


@pytest.mark.parametrize(
    ("model", "before"),
    [
        ("BAAI/bge-m3", ("", "")),
        ("BAAI/bge-large-en-v1.5", ("Represent this sentence", "")),
        ("nomic-embed-text:latest", ("search_query: ", "search_document: ")),
        ("Qwen/Qwen3-Embedding-0.6B", ("Instruct: ", "")),
        ("intfloat/multilingual-e5-large-instruct", ("Instruct: ", "")),
        ("google/embeddinggemma-300m", ("task: search result", "title: none")),
        ("text-embedding-3-small", ("", "")),
    ],
)
def test_knows_what_the_usual_models_want(model: str, before: tuple[str, str]) -> None:
    for found, start in zip(usual_prompts(model), before, strict=True):
        assert found.startswith(start)
        assert bool(found) == bool(start)


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"data": 3}, {"data": [{}]}, {"data": [{"embedding": "x"}]}, {"data": []},
        {"data": [{"embedding": [1, 2]}, {"embedding": [1, 2]}]},
        {"data": [{"embedding": [0, 0]}]}, {"data": [{"embedding": []}]}, [], None, "x",
    ],
)  # fmt: skip
def test_senseless_vectors_are_refused(server: ScriptedServer, load: Load, answer: object) -> None:
    server.script = [refusing(200, answer)]
    with pytest.raises(ModelError, match=r"sent .* for m1"):
        load().embed_queries(["hello"])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(server: ScriptedServer, load: Load, number: str) -> None:
    body = b'{"data":[{"embedding":[1.0,%s]}]}' % number.encode()
    server.script = [lambda visit: visit.send(200, body)]
    with pytest.raises(ModelError):
        load().embed_queries(["hello"])


def test_a_server_that_changes_its_mind_about_the_dimension_is_refused(
    server: ScriptedServer, load: Load
) -> None:
    server.script = [vectors([3.0, 4.0]), vectors([1.0, 2.0, 3.0])]
    embedder = load()
    embedder.embed_queries(["hello"])
    with pytest.raises(ModelError, match="3 instead of 2"):
        embedder.embed_queries(["hello"])


def test_a_field_a_server_does_not_take_is_left_out(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(400, {"error": "encoding_format is unknown"}), vectors([3.0, 4.0])]
    assert load().embed_queries(["hello"]).shape == (1, 2)
    assert "encoding_format" not in server.chats[-1].body


def test_a_refusal_for_another_reason_is_told(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(400, {"error": {"message": "no embeddings here"}})]
    with pytest.raises(ModelError, match="no embeddings here"):
        load().embed_queries(["hello"])


def test_a_text_that_never_gets_short_enough_is_told(server: ScriptedServer, load: Load) -> None:
    server.script = [refusing(400, {"error": {"message": "input too long"}})]
    with pytest.raises(ModelError, match="too long"):
        load().embed_queries(["hello"])
    assert len(server.chats) < 8


def test_stopping_the_job_it_works_for_shuts_the_connection(
    server: ScriptedServer, load: Load
) -> None:
    asked = threading.Event()

    def slow(visit: Visit) -> None:
        asked.set()
        visit.wait_until_left()
        server.left.set()

    server.script = [slow]
    embedder = load()
    began = time.monotonic()
    with stopped_by(asked.is_set), pytest.raises(StoppedError):
        embedder.embed_documents(["a"])
    assert time.monotonic() - began < 60, "its patience was not used up"
    assert server.left.wait(60)
    server.script = [counting]
    assert embedder.embed_documents(["a"]).shape == (1, 2), "the next job is not stopped"


def test_a_pause_between_two_tries_can_be_stopped(server: ScriptedServer, load: Load) -> None:
    tried = threading.Event()

    def busy(visit: Visit) -> None:
        tried.set()
        refusing(429, {"error": "busy"}, retry_after="20")(visit)

    server.script = [busy]
    with stopped_by(tried.is_set), pytest.raises(StoppedError):
        load().embed_queries(["a"])
    assert len(server.chats) == 1

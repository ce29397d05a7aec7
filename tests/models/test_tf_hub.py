"""TensorFlow Hub: fetching SavedModels, and what is made of what they give.

TensorFlow itself (270 MB to fetch) is not installed for these tests: what it gives for a list of
texts is one function, and a stand-in takes its place here. `tests/tensorflow` makes and runs real
SavedModels: make test-tensorflow.
"""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.core.errors import ModelError
from assistant.core.protocols import Embedder, TextClassifier
from assistant.models.cache import ModelCache
from assistant.models.catalogue import ModelEntry, read_entry
from assistant.models.pull import PullTools
from assistant.models.saved_model import (
    MAX_WORDS,
    Run,
    SavedModelClassifier,
    SavedModelEmbedder,
    load_saved_model,
)
from assistant.models.sources.tf_hub import TfHub
from assistant.models.sources.web import WebFetcher
from tests.models.contracts.embedder import EmbedderContract
from tests.models.local_index import sha256
from tests.models.local_web import LocalWeb
from tests.models.pulling import fetch, left_over
from tests.models.tiny_graph import graph, node

PATH = "/google/letters/1"
GRAPH = graph(node("in", "Placeholder"), node("out", "MatMul", "in:0"))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalWeb]:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LocalWeb().serving() as web:
        web.files[PATH] = packed({"saved_model.pb": GRAPH, "variables/variables.index": b"v"})
        yield web


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    return ModelCache(tmp_path / "models")


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def letters(handle: str = "google/letters/1", **more: object) -> ModelEntry:
    return read_entry("letters", {"role": "embed", "source": f"tfhub:{handle}", **more})


def get(web: LocalWeb, cache: ModelCache, entry: ModelEntry) -> None:
    hub = TfHub(web.url, f"{web.url}/kaggle", WebFetcher(pause=0))
    fetch(cache, entry, tools=PullTools(tf_hub=hub))


def test_a_handle_is_fetched_and_unpacked(web: LocalWeb, cache: ModelCache) -> None:
    get(web, cache, letters())
    folder = cache.require(letters())
    assert (folder / "saved_model.pb").read_bytes() == GRAPH
    assert (folder / "variables" / "variables.index").is_file()
    assert web.asked == [(f"{PATH}?tf-hub-format=compressed", None)]
    assert not [name for name in left_over(cache) if ".partial" in name]


def test_a_handle_of_five_parts_is_kaggles(web: LocalWeb, cache: ModelCache) -> None:
    handle = "google/letters/tensorFlow2/small/2"
    web.redirects[f"/kaggle/{handle}/download"] = f"{web.url}{PATH}"
    get(web, cache, letters(handle))
    assert cache.is_present(letters(handle))


def test_a_cut_download_is_taken_up_where_it_broke(web: LocalWeb, cache: ModelCache) -> None:
    web.cut_after = [20]
    get(web, cache, letters())
    assert [asked for _, asked in web.asked] == [None, "bytes=20-"]
    assert cache.is_present(letters())


def test_a_hash_that_differs_is_refused_and_nothing_stays(web: LocalWeb, cache: ModelCache) -> None:
    with pytest.raises(ModelError, match="not what the catalogue asks for"):
        get(web, cache, letters(sha256="0" * 64))
    assert not cache.is_present(letters(sha256="0" * 64))
    right = letters(sha256=sha256(web.files[PATH]))
    get(web, cache, right)
    assert cache.is_present(right)


@pytest.mark.parametrize("operation", ["ReadFile", "PyFunc", "SaveV2"])
def test_a_graph_that_could_touch_files_or_call_python_is_refused(
    web: LocalWeb, cache: ModelCache, operation: str
) -> None:
    evil = graph(node("in", operation), node("out", "MatMul", "in:0"))
    web.files[PATH] = packed({"saved_model.pb": evil})
    with pytest.raises(ModelError, match=operation):
        get(web, cache, letters())
    assert not cache.is_present(letters())


@pytest.mark.parametrize("second", ["saved_model.cpb", "saved_model.pbtxt"])
def test_a_second_graph_tensorflow_would_rather_read_is_refused(
    web: LocalWeb, cache: ModelCache, second: str
) -> None:
    web.files[PATH] = packed({"saved_model.pb": GRAPH, second: b"x"})
    with pytest.raises(ModelError, match="second graph"):
        get(web, cache, letters())
    assert not cache.is_present(letters())


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (b"no archive", "damaged"),
        (packed({"model.tflite": b"x"}), "no SavedModel"),
        (packed({"../../evil": b"x"}), "unsafe name"),
        (packed({"saved_model.pb": GRAPH})[:-20], "damaged"),
    ],
    ids=["no archive", "no SavedModel", "a name that leads outside", "an archive cut short"],
)
def test_what_is_no_saved_model_is_refused(
    web: LocalWeb, cache: ModelCache, archive: bytes, said: str
) -> None:
    web.files[PATH] = archive
    with pytest.raises(ModelError, match=said):
        get(web, cache, letters())
    assert not cache.is_present(letters())


def test_a_folder_on_this_machine_is_copied(
    web: LocalWeb, cache: ModelCache, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "saved_model.pb").write_bytes(GRAPH)
    entry = letters(str(tmp_path / "mine"))
    get(web, cache, entry)
    assert cache.is_present(entry)
    with pytest.raises(ModelError, match="no folder"):
        get(web, cache, letters(str(tmp_path / "other")))


def test_a_handle_without_a_version_is_no_source() -> None:
    with pytest.raises(ModelError, match="no model source"):
        letters("google/letters")


def test_without_the_extra_the_remedy_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ModelError, match="TensorFlow is not installed") as caught:
        load_saved_model(tmp_path)
    assert "assistant[tensorflow]" in caught.value.hint


def counting(_folder: Path) -> Run:
    """Texts → how often each of 64 byte values stands in them, and nothing for an empty one."""

    def run(texts: Sequence[str]) -> Any:
        rows = np.zeros((len(texts), 64))
        for row, text in zip(rows, texts, strict=True):
            for place, byte in enumerate(text.encode()):
                row[byte % 64] += 1 + (place % 7) / 10
        return rows

    return run


class TestSavedModelEmbedder(EmbedderContract):
    """The contract, but for a model that knows no difference between questions and passages."""

    @pytest.fixture
    def embedder(self, tmp_path: Path) -> SavedModelEmbedder:
        return SavedModelEmbedder(tmp_path, name="letters", load=counting)

    def test_questions_and_passages_are_told_apart(self, embedder: Embedder) -> None:
        asked, told = embedder.embed_queries(["abc"]), embedder.embed_documents(["abc"])
        assert np.array_equal(asked, told)

    def test_keeps_the_order_of_texts_of_any_length(self, embedder: Embedder) -> None:
        texts = [f"{word} " * n for n, word in enumerate(("abc", "def", "ghi", "jkl"), 1)] * 20
        together = embedder.embed_documents(texts)
        alone = np.concatenate([embedder.embed_documents([text]) for text in texts])
        assert np.allclose(together, alone)

    def test_counts_tokens_beyond_its_length(self, embedder: Embedder) -> None:
        assert embedder.count_tokens(["a b", "a b " * MAX_WORDS, "你好!"]) == [2, 2 * MAX_WORDS, 3]

    def test_words_beyond_the_limit_are_cut(self, embedder: Embedder) -> None:
        assert embedder.max_tokens == MAX_WORDS


@pytest.mark.parametrize("shape", [(3,), (1, 2, 3), (0, 4)])
def test_a_model_that_gives_no_vectors_is_refused(shape: tuple[int, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="numbers for 1 texts"):
        SavedModelEmbedder(tmp_path, name="odd", load=lambda _: lambda _: np.zeros(shape))


def classifier(folder: Path, rows: Any, labels: str = "bad\ngood\n") -> SavedModelClassifier:
    (folder / "labels.txt").write_text(labels, encoding="utf-8")
    return SavedModelClassifier(folder, name="mood", load=lambda _: lambda _: np.array(rows))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([[0.25, 0.75]], 0.75),  # probabilities
        ([[0.0, np.log(3)]], 0.75),  # logits
        ([[0.75]], 0.75),  # one probability, of the second label
        ([[np.log(3) + 0.0]], 0.75),  # its logit
        ([np.log(3)], 0.75),
    ],
)
def test_what_a_classifier_gives_becomes_probabilities(
    given: Any, expected: float, tmp_path: Path
) -> None:
    sorter: TextClassifier = classifier(tmp_path, given)
    ((best, other),) = sorter.classify(["fine"])
    assert (best.label, other.label) == ("good", "bad")
    assert best.score == pytest.approx(expected)
    assert other.score == pytest.approx(1 - expected)


def test_labels_may_be_named_by_the_entry(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("a\nb\n", encoding="utf-8")
    sorter = SavedModelClassifier(
        tmp_path, name="m", labels=str(tmp_path / "names.txt"), load=counting
    )
    assert sorter.labels == ("a", "b")


def test_a_classifier_without_labels_or_with_too_few_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no file of labels"):
        SavedModelClassifier(tmp_path, name="mood", load=counting)
    with pytest.raises(ModelError, match="numbers a text for 3 labels"):
        classifier(tmp_path, [[0.5, 0.5]], "a\nb\nc\n").classify(["x"])

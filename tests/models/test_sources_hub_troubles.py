"""The hub at its worst: slow, full of redirects, gated, out of space, killed half-way."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from assistant.core.errors import ModelError
from assistant.models.cache import ModelCache
from assistant.models.catalogue import ModelEntry
from assistant.models.pull import PullTools
from assistant.models.sources.hub import Hub
from tests.models.local_hub import CONVERTED, LocalHub
from tests.models.pulling import fetch

REPOSITORY = "org/name"
LARGE = os.urandom(3 << 20)
PULL = """
import sys
from pathlib import Path
from assistant.models.cache import ModelCache
from assistant.models.catalogue import ModelEntry
from assistant.models.pull import pull
entry = ModelEntry(name="mine", role="embed", source="hf:org/name", format="sentence-transformers")
say = lambda progress: print(progress.done, flush=True)
pull([entry], ModelCache(Path(sys.argv[1])), offline=False, cancelled=lambda: False, progress=say)
"""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LocalHub().serving() as hub:
        hub.add(REPOSITORY, {"config.json": b"{}", "model.safetensors": LARGE})
        yield hub


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    return ModelCache(tmp_path / "models")


def entry(revision: str = "") -> ModelEntry:
    source = f"hf:{REPOSITORY}{revision}"
    return ModelEntry(name="mine", role="embed", source=source, format="sentence-transformers")


def get(
    hub: LocalHub, cache: ModelCache, model: ModelEntry, timeout: float = 30, **more: Any
) -> None:
    fetch(cache, model, tools=PullTools(hub=Hub(hub.url, pause=0, timeout=timeout)), **more)


def weights(cache: ModelCache, model: ModelEntry) -> bytes:
    return (cache.require(model) / "model.safetensors").read_bytes()


@pytest.mark.parametrize("revision", ["v2", "refs/pr/4", CONVERTED])
def test_a_branch_a_pull_request_and_a_commit_can_be_pinned(
    hub: LocalHub, cache: ModelCache, revision: str
) -> None:
    hub.add(REPOSITORY, {"model.safetensors": b"other"}, revision, CONVERTED)
    model = entry(f"@{revision}")
    get(hub, cache, model)
    assert weights(cache, model) == b"other"


def test_a_pinned_commit_stays_what_it_is_when_the_branch_moves(
    hub: LocalHub, cache: ModelCache
) -> None:
    model = entry(f"@{'a' * 40}")
    hub.add(REPOSITORY, {"model.safetensors": b"moved"}, "main", CONVERTED)
    get(hub, cache, model)
    assert weights(cache, model) == LARGE


def test_a_server_that_falls_silent_is_asked_again_for_the_rest(
    hub: LocalHub, cache: ModelCache
) -> None:
    hub.add(REPOSITORY, {"model.safetensors": LARGE})
    hub.stall_after, hub.stall_seconds = [1 << 20], 30.0
    get(hub, cache, entry(), timeout=1.5)
    assert hub.ranges == [None, f"bytes={1 << 20}-"]
    assert weights(cache, entry()) == LARGE


def test_a_server_that_stays_silent_is_given_up_and_what_came_is_kept(
    hub: LocalHub, cache: ModelCache
) -> None:
    hub.add(REPOSITORY, {"model.safetensors": LARGE})
    hub.stall_after, hub.stall_seconds = [1 << 20, *[0] * 20], 30.0
    with pytest.raises(ModelError, match="ReadTimeout") as caught:
        get(hub, cache, entry(), timeout=1)
    assert "Pull again" in caught.value.hint
    assert not cache.is_present(entry())
    hub.stall_after, hub.ranges = [], []
    get(hub, cache, entry())
    assert hub.ranges == [f"bytes={1 << 20}-"]


def test_files_kept_by_another_server_are_followed_without_the_token(
    hub: LocalHub, cache: ModelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with LocalHub().serving() as other:
        other.add(REPOSITORY, {"config.json": b"{}", "model.safetensors": LARGE})
        other.cut_after = [2, 1 << 20]
        hub.elsewhere = other.url
        get(hub, cache, entry())
        assert weights(cache, entry()) == LARGE
        assert f"bytes={1 << 20}-" in other.ranges
        assert set(hub.tokens) == {"Bearer hf_secret"}
        assert set(other.tokens) == {None}


@pytest.mark.parametrize(
    ("status", "headers", "said", "remedy"),
    [
        (403, {"X-Error-Code": "GatedRepo"}, "gated", "Accept it on the page of org/name"),
        (401, {"X-Error-Code": "GatedRepo"}, "gated", "hf auth login"),
        (404, {"X-Error-Code": "EntryNotFound"}, "has no file", "Correct the file's name"),
        (503, {}, "fault of its own (503)", "later"),
    ],
)
def test_files_may_be_refused_though_the_repository_was_described(
    hub: LocalHub,
    cache: ModelCache,
    status: int,
    headers: dict[str, str],
    said: str,
    remedy: str,
) -> None:
    hub.file_refusal = (status, headers)
    with pytest.raises(ModelError) as caught:
        get(hub, cache, entry())
    assert said in caught.value.message
    assert remedy in caught.value.hint
    assert not cache.is_present(entry())


def test_a_disk_that_fills_up_half_way_is_told_and_the_rest_comes_when_there_is_room(
    hub: LocalHub, cache: ModelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add(REPOSITORY, {"model.safetensors": LARGE})
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", filling_disk(1 << 20))
        with pytest.raises(ModelError, match=r"disk that holds .* is full") as caught:
            get(hub, cache, entry())
    assert "Free some space and pull again" in caught.value.hint
    assert not cache.is_present(entry())
    hub.ranges = []
    get(hub, cache, entry())
    assert hub.ranges != [None]
    assert weights(cache, entry()) == LARGE


def filling_disk(room: int) -> Any:
    """A `Path.open` whose files for writing take no more than `room` bytes."""
    usual = Path.open

    def opened(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        stream = usual(path, mode, *more, **named)
        return Filling(stream, room) if path.suffix == ".part" else stream

    return opened


class Filling:
    """A file on a disk without room."""

    def __init__(self, stream: Any, room: int) -> None:
        self._stream = stream
        self._room = room

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def tell(self) -> int:
        return int(self._stream.tell())

    def write(self, block: bytes) -> int:
        if self.tell() + len(block) > self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(self._stream.write(block))


def test_a_pull_stopped_in_the_middle_of_a_file_goes_on_from_there(
    hub: LocalHub, cache: ModelCache
) -> None:
    hub.add(REPOSITORY, {"model.safetensors": LARGE})
    part = cache.partial(entry()) / ("a" * 40) / "model.safetensors.part"
    get(hub, cache, entry(), cancelled=lambda: part.exists() and part.stat().st_size > 1 << 20)
    there = part.stat().st_size
    assert 1 << 20 < there < len(LARGE)
    assert not cache.is_present(entry())
    get(hub, cache, entry())
    assert hub.ranges == [None, f"bytes={there}-"]
    assert weights(cache, entry()) == LARGE


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_pull_that_is_killed_leaves_nothing_that_counts_and_is_continued(
    hub: LocalHub, cache: ModelCache
) -> None:
    """By the address in HF_ENDPOINT, in a process of its own, as the command line does."""
    hub.stall_after, hub.stall_seconds = [2 << 20], 20.0
    hub.add(REPOSITORY, {"model.safetensors": LARGE})
    environment = {**os.environ, "HF_ENDPOINT": hub.url}
    arguments = [sys.executable, "-c", PULL, str(cache.root)]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE) as process:
        part = cache.partial(entry()) / ("a" * 40) / "model.safetensors.part"
        while process.poll() is None and not (part.exists() and part.stat().st_size >= 1 << 20):
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not cache.is_present(entry())
    there = part.stat().st_size
    hub.ranges = []
    get(hub, cache, entry())
    assert hub.ranges == [f"bytes={there}-"]
    assert weights(cache, entry()) == LARGE
    assert not cache.partial(entry()).exists()

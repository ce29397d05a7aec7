"""Weights from a model hub, by the real client against a hub on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx2
import msgspec
import pytest

from assistant.core.errors import ModelError, OfflineError
from assistant.core.events import Progress
from assistant.models.cache import ModelCache
from assistant.models.catalogue import ModelEntry
from assistant.models.pull import PullTools
from assistant.models.sources.hub import USER_AGENT, Hub
from tests.models.local_hub import COMMIT, CONVERTED, LocalHub
from tests.models.pulling import WEIGHTS, fetch, left_over, whole

REPOSITORY = "org/name"
REPOSITORY_FILES = {
    "config.json": b'{"model_type": "bert"}',
    "model.safetensors": WEIGHTS,
    "1_Pooling/config.json": b"{}",
    "sentencepiece.bpe.model": b"pieces",
}
UNWANTED = {
    "pytorch_model.bin": b"a pickle",
    "modeling_custom.py": b"import os",
    "onnx/config.json": b"{}",
    "README.md": b"# Read me",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LocalHub().serving() as hub:
        hub.add(REPOSITORY, REPOSITORY_FILES | UNWANTED)
        yield hub


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    return ModelCache(tmp_path / "models")


def repository(source: str = f"hf:{REPOSITORY}") -> ModelEntry:
    return ModelEntry(name="mine", role="embed", source=source, format="sentence-transformers")


def one_file(sha256: str = "", name: str = "model.gguf") -> ModelEntry:
    source = f"hf:{REPOSITORY}:{name}"
    return ModelEntry(name="mine", role="generate", source=source, format="gguf", sha256=sha256)


def get(
    hub: LocalHub, cache: ModelCache, entry: ModelEntry, stop_after: int | None = None
) -> list[Progress]:
    heard = 0

    def cancelled() -> bool:
        nonlocal heard
        heard += 1
        return stop_after is not None and heard > stop_after

    tools = PullTools(hub=Hub(hub.url, pause=0))
    return fetch(cache, entry, cancelled=cancelled, tools=tools)


def test_weights_and_their_companions_are_kept_pickles_and_code_are_not(
    hub: LocalHub, cache: ModelCache
) -> None:
    get(hub, cache, repository())
    folder = cache.require(repository())
    kept = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert kept == {*REPOSITORY_FILES, "model.json"}
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert not set(hub.downloads) & set(UNWANTED)
    assert not cache.partial(repository()).exists()


def test_progress_counts_the_bytes_of_all_files_together(hub: LocalHub, cache: ModelCache) -> None:
    total = sum(len(content) for content in REPOSITORY_FILES.values())
    heard = [p for p in get(hub, cache, repository()) if p.label == "Fetching mine"]
    assert [p.done for p in heard] == sorted(p.done for p in heard)
    assert (heard[-1].done, heard[-1].total) == (total, total)


def test_one_file_of_a_repository_becomes_the_model(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"model.gguf": WEIGHTS, "other.gguf": b"x"})
    get(hub, cache, one_file(hashlib.sha256(WEIGHTS).hexdigest()))
    assert left_over(cache) == whole("mine")
    assert hub.downloads == ["model.gguf"]


def test_a_file_in_a_subfolder_becomes_the_model(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"q4/m.gguf": WEIGHTS})
    get(hub, cache, one_file(name="q4/m.gguf"))
    assert (cache.require(one_file(name="q4/m.gguf")) / "model.gguf").read_bytes() == WEIGHTS


def test_a_part_of_a_model_is_refused_before_it_is_fetched(
    hub: LocalHub, cache: ModelCache
) -> None:
    name = "large-Q8-00001-of-00003.gguf"
    hub.add(REPOSITORY, {name: WEIGHTS})
    with pytest.raises(ModelError, match="one of 3 parts of a model"):
        get(hub, cache, one_file(name=name))
    assert hub.downloads == []


def test_the_revision_asked_for_is_the_one_fetched(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"model.safetensors": b"second"}, "refs/pr/7", CONVERTED)
    entry = repository(f"hf:{REPOSITORY}@refs/pr/7")
    get(hub, cache, entry)
    assert (cache.require(entry) / "model.safetensors").read_bytes() == b"second"


def test_a_lost_connection_is_taken_up_where_it_broke(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"model.safetensors": WEIGHTS})
    hub.cut_after = [1000, 500]
    get(hub, cache, repository())
    assert hub.ranges == [None, "bytes=1000-", "bytes=1500-"]
    assert (cache.require(repository()) / "model.safetensors").read_bytes() == WEIGHTS


def test_a_connection_that_brings_nothing_any_more_is_given_up_and_continued_later(
    hub: LocalHub, cache: ModelCache
) -> None:
    hub.add(REPOSITORY, {"model.safetensors": WEIGHTS})
    hub.cut_after = [1000, *[0] * 20]
    with pytest.raises(ModelError, match="what has arrived is kept"):
        get(hub, cache, repository())
    assert not cache.is_present(repository())
    hub.cut_after, hub.ranges = [], []
    get(hub, cache, repository())
    assert hub.ranges == ["bytes=1000-"]
    assert (cache.require(repository()) / "model.safetensors").read_bytes() == WEIGHTS


def test_a_cancelled_pull_is_continued_by_the_next(hub: LocalHub, cache: ModelCache) -> None:
    get(hub, cache, repository(), stop_after=2)
    assert not cache.is_present(repository())
    before = len(hub.downloads)
    get(hub, cache, repository())
    assert cache.is_present(repository())
    assert len(hub.downloads) - before < len(REPOSITORY_FILES) + before


@pytest.mark.parametrize("repositories", [("org/words", "org/words"), ("org/words", "org/eyes")])
def test_a_model_that_sees_is_two_files_even_of_two_repositories(
    hub: LocalHub, cache: ModelCache, repositories: tuple[str, str]
) -> None:
    words, eyes = repositories
    hub.add(words, {"m.gguf": WEIGHTS, "mmproj-m.gguf": b"eyes"})
    hub.add(eyes, {"m.gguf": WEIGHTS, "mmproj-m.gguf": b"eyes"}, commit=CONVERTED)
    entry = ModelEntry(
        name="seeing",
        role="vqa",
        source=f"hf:{words}:m.gguf",
        projector=f"hf:{eyes}:mmproj-m.gguf",
        format="gguf",
    )
    with pytest.raises(OfflineError):
        fetch(cache, entry, offline=True)
    get(hub, cache, entry)
    folder = cache.require(entry)
    assert (folder / "model.gguf").read_bytes() == WEIGHTS
    assert (folder / "mmproj.gguf").read_bytes() == b"eyes"
    assert not (cache.root / ".partial").exists()


def test_a_projector_that_is_not_the_one_meant_is_refused_and_the_model_not_fetched_again(
    hub: LocalHub, cache: ModelCache
) -> None:
    hub.add("org/words", {"m.gguf": WEIGHTS, "mmproj-m.gguf": b"eyes"})
    entry = ModelEntry(
        name="seeing",
        role="vqa",
        source="hf:org/words:m.gguf",
        projector="hf:org/words:mmproj-m.gguf",
        projector_sha256=hashlib.sha256(b"others").hexdigest(),
        format="gguf",
    )
    with pytest.raises(ModelError):
        get(hub, cache, entry)
    assert not cache.is_present(entry)
    hub.downloads.clear()
    right = msgspec.structs.replace(entry, projector_sha256=hashlib.sha256(b"eyes").hexdigest())
    get(hub, cache, right)
    assert cache.is_present(right)
    assert "m.gguf" not in hub.downloads


def test_a_new_commit_makes_earlier_beginnings_useless(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"model.safetensors": WEIGHTS})
    hub.cut_after = [1000, *[0] * 20]
    with pytest.raises(ModelError):
        get(hub, cache, repository())
    hub.cut_after, hub.ranges = [], []
    hub.add(REPOSITORY, {"model.safetensors": WEIGHTS[::-1]}, commit=CONVERTED)
    get(hub, cache, repository())
    assert hub.ranges == [None]
    assert (cache.require(repository()) / "model.safetensors").read_bytes() == WEIGHTS[::-1]


def test_a_file_other_than_the_hub_announced_is_refused(hub: LocalHub, cache: ModelCache) -> None:
    hub.swap["model.safetensors"] = WEIGHTS[::-1]
    with pytest.raises(ModelError, match="not what the catalogue asks for"):
        get(hub, cache, repository())
    assert not any(name.endswith((".part", ".safetensors")) for name in left_over(cache))


def test_a_file_other_than_the_catalogue_pins_is_refused(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"model.gguf": WEIGHTS})
    with pytest.raises(ModelError, match="not what the catalogue asks for"):
        get(hub, cache, one_file("0" * 64))
    assert not cache.is_present(one_file("0" * 64))


def test_a_repository_without_safetensors_is_taken_from_the_hubs_own_conversion(
    hub: LocalHub, cache: ModelCache
) -> None:
    hub.add(REPOSITORY, {"config.json": b"{}", "pytorch_model.bin": b"pickle"})
    hub.add(REPOSITORY, REPOSITORY_FILES, "refs/pr/3", CONVERTED)
    hub.offers = [offer("stranger", 2), offer("SFconvertbot", 3)]
    get(hub, cache, repository())
    assert (cache.require(repository()) / "model.safetensors").read_bytes() == WEIGHTS


def test_a_strangers_conversion_is_not_taken(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"config.json": b"{}", "pytorch_model.bin": b"pickle"})
    hub.add(REPOSITORY, REPOSITORY_FILES, "refs/pr/2", CONVERTED)
    hub.offers = [offer("stranger", 2)]
    with pytest.raises(ModelError, match="no weights as safetensors or GGUF"):
        get(hub, cache, repository())
    assert hub.downloads == []


def offer(author: str, number: int) -> dict[str, object]:
    return {
        "author": {"name": author},
        "num": number,
        "isPullRequest": True,
        "status": "open",
        "title": "Adding `safetensors` variant of this model",
        "createdAt": "2024-01-01T00:00:00.000Z",
        "repo": {"name": REPOSITORY, "type": "model"},
    }


def test_a_repository_of_many_ggufs_asks_for_one(hub: LocalHub, cache: ModelCache) -> None:
    hub.add(REPOSITORY, {"a-Q4.gguf": b"x", "a-Q8.gguf": b"y"})
    with pytest.raises(ModelError, match=r"holds 2 GGUF files.*hf:org/name:a-Q4\.gguf"):
        get(hub, cache, repository())


def test_a_repository_whose_file_names_lead_outside_is_refused(
    hub: LocalHub, cache: ModelCache
) -> None:
    hub.add(REPOSITORY, {"model.safetensors": WEIGHTS, "../../evil.json": b"{}"})
    with pytest.raises(ModelError, match="unsafe name"):
        get(hub, cache, repository())
    assert hub.downloads == []


def test_a_repository_too_large_for_the_disk_is_refused_before_it_fills_it(
    hub: LocalHub, cache: ModelCache
) -> None:
    tools = PullTools(hub=Hub(hub.url, free=lambda _: 70_000))
    with pytest.raises(ModelError, match="of disk space"):
        fetch(cache, repository(), tools=tools)
    assert hub.downloads == []


@pytest.mark.parametrize(
    ("status", "headers", "said", "remedy"),
    [
        (403, {"X-Error-Code": "GatedRepo"}, "gated", "hf auth login"),
        (401, {}, "refuses access", "may be private"),
        (
            401,
            {"X-Error-Message": "Invalid credentials in Authorization header"},
            "refuses access",
            "token wrong",
        ),
        (403, {}, "refuses access", "hf auth login"),
        (404, {"X-Error-Code": "RepoNotFound"}, "no model repository org/name", "Check the name"),
        (429, {}, "too many requests", "minutes"),
        (500, {}, "fault of its own (500)", "later"),
        (418, {}, "refused org/name", "later"),
    ],
)
def test_a_refusal_is_put_into_a_fact_and_a_remedy(
    hub: LocalHub,
    cache: ModelCache,
    status: int,
    headers: dict[str, str],
    said: str,
    remedy: str,
) -> None:
    hub.refusal = (status, headers)
    with pytest.raises(ModelError) as caught:
        get(hub, cache, repository())
    assert said in caught.value.message
    assert remedy in caught.value.hint


def test_a_missing_revision_is_named(hub: LocalHub, cache: ModelCache) -> None:
    with pytest.raises(ModelError, match="no revision “v9”"):
        get(hub, cache, repository(f"hf:{REPOSITORY}@v9"))


def test_a_missing_file_is_named(hub: LocalHub, cache: ModelCache) -> None:
    with pytest.raises(ModelError, match=r"org/name has no file missing\.gguf"):
        get(hub, cache, one_file(name="missing.gguf"))


def test_a_hub_out_of_reach_says_so(cache: ModelCache) -> None:
    tools = PullTools(hub=Hub("http://127.0.0.1:9", pause=0))
    with pytest.raises(ModelError, match="hub can't be reached") as caught:
        fetch(cache, repository(), tools=tools)
    assert isinstance(caught.value.__cause__, httpx2.TransportError)


def test_the_hub_libraries_own_offline_switch_is_explained(
    hub: LocalHub, cache: ModelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(OfflineError, match="HF_HUB_OFFLINE"):
        get(hub, cache, repository())


def test_the_hub_is_not_told_what_is_installed_here(hub: LocalHub, cache: ModelCache) -> None:
    get(hub, cache, repository())
    assert hub.agents == {USER_AGENT}
    assert COMMIT in hub.commits.values()

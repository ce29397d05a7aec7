"""The cache: a model is present when its folder is whole and made from what is asked for."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assistant.core.errors import ModelError, ModelMissingError
from assistant.models.cache import ModelCache, write_manifest
from assistant.models.catalogue import ModelEntry

ENTRY = ModelEntry(name="tiny", role="generate", source="hf:o/n:m.gguf", format="gguf")


def installed(cache: ModelCache, entry: ModelEntry = ENTRY) -> Path:
    folder = cache.root / entry.name
    folder.mkdir(parents=True)
    (folder / "model.gguf").write_bytes(b"GGUF weights")
    write_manifest(entry, folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    return ModelCache(tmp_path / "models")


def test_nothing_is_present_and_nothing_is_made_in_a_new_cache(cache: ModelCache) -> None:
    assert not cache.is_present(ENTRY)
    assert not cache.root.exists()


def test_a_whole_folder_is_present(cache: ModelCache) -> None:
    folder = installed(cache)
    assert cache.is_present(ENTRY)
    assert cache.require(ENTRY) == folder == cache.folder(ENTRY)


def test_a_missing_model_says_how_to_fetch_it(cache: ModelCache) -> None:
    with pytest.raises(ModelMissingError) as caught:
        cache.require(ENTRY)
    assert caught.value.hint == "Fetch it: assistant models pull tiny"


def test_a_folder_without_a_manifest_is_not_present(cache: ModelCache) -> None:
    (installed(cache) / "model.json").unlink()
    assert not cache.is_present(ENTRY)


def test_a_truncated_file_is_not_present(cache: ModelCache) -> None:
    (installed(cache) / "model.gguf").write_bytes(b"GGUF")
    assert not cache.is_present(ENTRY)


def test_a_lost_file_is_not_present(cache: ModelCache) -> None:
    (installed(cache) / "model.gguf").unlink()
    assert not cache.is_present(ENTRY)


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b'{"name": 3}', b"\xff\xfe"])
def test_a_broken_manifest_is_not_present(cache: ModelCache, manifest: bytes) -> None:
    (installed(cache) / "model.json").write_bytes(manifest)
    assert not cache.is_present(ENTRY)


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"source": "hf:o/n@v2:m.gguf"}, {"format": "transformers"}]
)
def test_a_changed_catalogue_entry_is_not_present(
    cache: ModelCache, change: dict[str, str]
) -> None:
    installed(cache)
    assert not cache.is_present(msgspec.structs.replace(ENTRY, **change))


def test_a_changed_preparation_is_not_present(
    cache: ModelCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(cache)
    monkeypatch.setattr("assistant.models.cache.PREPARATION_VERSIONS", {"gguf": 2})
    assert not cache.is_present(ENTRY)


def test_weights_of_an_installed_package_are_present(cache: ModelCache) -> None:
    entry = ModelEntry(name="x", role="read", source="package:msgspec", format="package")
    assert cache.is_present(entry)
    assert (cache.require(entry) / "msgspec").is_dir()


def test_weights_of_a_missing_package_say_how_to_install_it(cache: ModelCache) -> None:
    entry = ModelEntry(name="x", role="read", source="package:no-such-package", format="package")
    assert not cache.is_present(entry)
    with pytest.raises(ModelMissingError) as caught:
        cache.require(entry)
    assert caught.value.hint == "Install it: pip install no-such-package"


def test_a_folder_of_ones_own_is_used_where_it_is(cache: ModelCache, tmp_path: Path) -> None:
    own = tmp_path / "own"
    entry = ModelEntry(name="x", role="embed", source=f"path:{own}")
    assert not cache.is_present(entry)
    own.mkdir()
    assert cache.require(entry) == own
    assert cache.remove(entry) is False
    assert own.is_dir()


def test_removing_deletes_a_model_and_its_half_fetched_parts(cache: ModelCache) -> None:
    folder = installed(cache)
    cache.partial(ENTRY).mkdir(parents=True)
    assert cache.remove(ENTRY)
    assert not folder.exists()
    assert not cache.partial(ENTRY).exists()
    assert list(cache.staging.iterdir()) == []
    assert not cache.remove(ENTRY)


def test_removing_from_a_cache_that_does_not_exist_makes_none(cache: ModelCache) -> None:
    assert not cache.remove(ENTRY)
    assert not cache.root.exists()


def test_a_packages_weights_are_not_the_caches_to_remove(cache: ModelCache) -> None:
    entry = ModelEntry(name="x", role="read", source="package:msgspec", format="package")
    with pytest.raises(ModelError, match="pip uninstall msgspec"):
        cache.remove(entry)


def test_nothing_is_removed_while_a_pull_is_under_way(cache: ModelCache) -> None:
    folder = installed(cache)
    with cache.locked(), pytest.raises(ModelError, match="A pull is under way"):
        ModelCache(cache.root).remove(ENTRY)
    assert folder.is_dir()

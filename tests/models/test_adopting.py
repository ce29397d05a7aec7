"""A model is named by where it is, and gets an entry of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.core.errors import ModelError
from assistant.models.adopting import adopt, as_source
from assistant.models.catalogue import Catalogue


def catalogue(**models: dict[str, object]) -> Catalogue:
    return Catalogue.load(Settings(models=models))


@pytest.mark.parametrize("name", ["qwen3-4b", "nope", "smollm2-1.7b-instruct", ""])
def test_a_name_is_no_source(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nope").mkdir()  # a folder of that name does not make it a path
    assert as_source(name) is None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("hf:me/mine", "hf:me/mine"),
        ("openai:http://box:8000/v1#m", "openai:http://box:8000/v1#m"),
        ("http://box:8000/v1#m", "openai:http://box:8000/v1#m"),
        ("HTTPS://box#m", "openai:HTTPS://box#m"),
    ],
)
def test_sources_and_addresses_are_sources(text: str, source: str) -> None:
    assert as_source(text) == source


@pytest.mark.parametrize("text", ["./chat.gguf", "chat.gguf", "../{}/chat.gguf"])
def test_a_path_is_written_in_full(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chat.gguf").touch()
    source = as_source(text.format(tmp_path.name))
    assert source is not None
    assert source.startswith("path:/")
    assert Path(source.removeprefix("path:")).samefile(tmp_path / "chat.gguf")


@pytest.mark.parametrize(
    "text", ["~nobody-of-this-name/chat", "a" * 5000], ids=["nobody's", "too long"]
)
def test_what_can_be_no_path_is_taken_for_a_name(text: str) -> None:
    assert as_source(text) is None


def test_a_path_that_is_too_long_is_refused() -> None:
    with pytest.raises(ModelError, match="There is no file or folder"):
        as_source("/" + "a" * 5000)


def test_a_path_where_nothing_is_gets_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no file or folder"):
        as_source(str(tmp_path / "gone.gguf"))


def test_a_bare_repository_is_asked_for_what_it_is() -> None:
    with pytest.raises(ModelError, match="no model's name") as caught:
        as_source("Qwen/Qwen3-4B")
    assert "hf:Qwen/Qwen3-4B" in caught.value.hint
    assert "#Qwen/Qwen3-4B" in caught.value.hint


def test_what_the_catalogue_has_gets_no_second_entry() -> None:
    known = catalogue(box={"role": "generate", "source": "openai:http://box:8000#m"})
    assert adopt(known, "openai:http://box:8000/v1/#m", "generate").entry is None
    assert adopt(known, "openai:http://box:8000/v1/#m", "generate").name == "box"
    assert adopt(known, "openai:http://box:8000#other", "generate").name == "other"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("hf:Qwen/Qwen3-4B", "qwen3-4b-hub"),
        ("hf:me/Mine-GGUF:mine-q4.gguf", "mine-q4"),
        ("path:/models/My Chat.gguf", "my-chat"),
        ("path:/models/qwen3-4b.gguf", "qwen3-4b-own"),
        ("openai:http://box/v1#qwen3-4b", "qwen3-4b-served"),
    ],
)
def test_a_name_is_made_that_is_free(source: str, name: str) -> None:
    found = adopt(catalogue(), source, "generate")
    assert found.name == name
    assert found.entry == {"role": "generate", "source": source}


def test_what_a_role_has_no_use_for_is_refused() -> None:
    with pytest.raises(ModelError, match="no format for “translate”"):
        adopt(catalogue(), "openai:http://box/v1#m", "translate")
    with pytest.raises(ModelError, match="without one of its models"):
        adopt(catalogue(), "openai:http://box/v1", "generate")
    with pytest.raises(ModelError, match="There is a model qwen3-4b already"):
        adopt(catalogue(), "hf:me/mine", "generate", "qwen3-4b")

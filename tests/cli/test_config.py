"""`assistant config` shows what holds and finds what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from assistant.cli.config import describe
from assistant.cli.main import root
from assistant.config import Places, Settings


def config(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["config", *arguments])


@pytest.fixture
def file(places: Places) -> Path:
    places.config_file.parent.mkdir(parents=True)
    return places.config_file


def test_path_is_the_file_alone(places: Places) -> None:
    assert config("path").output == f"{places.config_file}\n"


def test_every_place_can_be_listed(places: Places) -> None:
    lines = config("path", "--all").output.splitlines()
    assert lines == [
        f"config  {places.config_file}",
        f"data    {places.data}",
        f"cache   {places.cache}",
        f"state   {places.state}",
    ]


def test_show_says_where_each_value_comes_from(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('[ui]\ntheme = "nord"\n[keys]\nsend = "f5"\n[models."a.b"]\nrole = "embed"\n')
    monkeypatch.setenv("ASSISTANT_THREADS", "2")
    result = CliRunner().invoke(root, ["--offline", "config", "show"])
    lines = result.output.splitlines()
    assert "offline = true  # option" in lines
    assert "threads = 2  # ASSISTANT_THREADS" in lines
    assert 'theme = "nord"  # config.toml' in lines
    assert 'sidebar = "auto"  # default' in lines
    assert 'send = "f5"  # config.toml' in lines
    assert 'role = "embed"  # config.toml' in lines
    assert '[models."a.b"]' in lines


def test_what_show_prints_can_be_read_back() -> None:
    settings = msgspec.structs.replace(
        Settings(),
        offline=True,
        generate=msgspec.structs.replace(Settings().generate, system='a "b"\n\\c 你好\t'),
        models={"my.model": {"role": "embed", "languages": ["en", "zh"], "size": 3}},
    )
    text = "\n".join(describe(settings, {}, {"send": "enter"}))
    read = msgspec.convert(tomllib.loads(text), Settings)
    assert read == msgspec.structs.replace(settings, keys={"send": "enter"})


def test_show_lists_the_key_bindings() -> None:
    assert "[keys]" in config("show").output
    assert "quit = " in config("show").output


def test_check_finds_nothing_wrong_without_a_file() -> None:
    result = config("check")
    assert result.exit_code == 0
    assert "the defaults hold" in result.output
    assert "no mistakes" in result.output


def test_check_lists_every_mistake(file: Path) -> None:
    file.write_text("[generate]\ntemperature = 9\n\n[ui]\nthem = 1\n")
    result = config("check")
    assert result.exit_code == 1
    assert f"{file}, line 2: generate.temperature" in result.stderr
    assert f"{file}, line 5: there is no setting" in result.stderr


def test_check_judges_model_entries_and_key_names(file: Path) -> None:
    file.write_text('[models.mine]\nrole = "juggle"\nsource = "path:/x"\n[keys]\nfly = "f5"\n')
    result = config("check")
    assert result.exit_code == 1
    assert "juggle" in result.stderr
    assert 'keys has no "fly"' in result.stderr


def test_check_judges_the_models_that_settings_name(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        '[generate]\nmodel = "qwen3-0.6"\n[embed]\nmodel = "u2netp"\n[translate]\nmodel = "nope"\n'
    )
    result = config("check")
    assert result.exit_code == 1
    assert "generate.model: There is no model “qwen3-0.6”." in result.output
    assert "Did you mean qwen3-0.6b" in result.output
    assert "embed.model: The model u2netp is for “foreground”, not for “embed”." in result.output
    assert "translate.model: There is no model “nope”." in result.output
    assert "classify.model" not in result.output  # none is named

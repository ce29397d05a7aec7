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


class TestSettingAModel:
    """`assistant config set` where a setting names a model."""

    @pytest.mark.parametrize(
        "setting",
        ["generate.model", "embed.model", "translate.model", "classify.model", "detect.open_model"],
    )
    def test_an_unknown_name_is_refused_and_nothing_is_written(
        self, setting: str, places: Places
    ) -> None:
        result = config("set", setting, "nope-9000")
        assert result.exit_code == 1
        assert f"{setting}: There is no model “nope-9000”." in result.stderr
        assert not places.config_file.exists()

    def test_near_names_and_the_list_of_all_are_the_remedy(self) -> None:
        said = config("set", "generate.model", "Qwen3-4").stderr
        assert "Did you mean qwen3-4b" in said
        assert "assistant models list" in said

    def test_a_name_as_ollama_writes_it_leads_to_the_servers_here(self) -> None:
        said = config("set", "generate.model", "qwen3:8b").stderr
        assert "assistant models discover --add qwen3:8b --use" in said

    def test_a_model_for_something_else_is_refused(self) -> None:
        said = config("set", "embed.model", "qwen3-4b").stderr
        assert "for “generate”, not for “embed”" in said
        assert "bge-m3" in said

    def test_a_model_that_is_not_here_is_set_and_the_way_to_it_told(self, places: Places) -> None:
        result = config("set", "detect.model", "yolos-tiny")
        assert result.exit_code == 0
        assert "detect.model = yolos-tiny" in result.stdout
        assert "assistant models pull yolos-tiny" in result.stderr
        assert tomllib.loads(places.config_file.read_text())["detect"]["model"] == "yolos-tiny"

    def test_an_address_or_a_path_gets_an_entry_of_its_own(
        self, places: Places, tmp_path: Path
    ) -> None:
        mine = tmp_path / "mine.gguf"
        mine.touch()
        assert config("set", "generate.model", "http://gpu-box:8000/v1/#Qwen3-32B").exit_code == 0
        assert config("set", "generate.model", str(mine)).exit_code == 0
        written = tomllib.loads(places.config_file.read_text())
        assert written["models"] == {
            "qwen3-32b": {"role": "generate", "source": "openai:http://gpu-box:8000/v1/#Qwen3-32B"},
            "mine": {"role": "generate", "source": f"path:{mine}"},
        }
        assert written["generate"]["model"] == "mine"
        assert config("set", "generate.model", "qwen3-32b").exit_code == 0

    def test_a_broken_file_can_be_mended(self, file: Path) -> None:
        file.write_text("[generate]\nmodel = 3\ntemperature = 9\n")
        assert config("set", "generate.model", "qwen3-4b").exit_code == 0
        assert 'model = "qwen3-4b"' in file.read_text()

    def test_a_setting_that_may_be_empty_can_be_emptied(self, places: Places) -> None:
        assert config("set", "classify.model", "").exit_code == 0
        assert tomllib.loads(places.config_file.read_text())["classify"]["model"] == ""
        assert config("set", "generate.model", "").exit_code == 1

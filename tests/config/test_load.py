"""Settings come from flag, environment, file and default, in that order; mistakes are told."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from assistant.config import Places, Settings, find_places, load_settings, load_with_origins
from assistant.config.load import find_problems
from assistant.core.errors import ConfigError


@pytest.fixture
def file(places: Places) -> Path:
    places.config_file.parent.mkdir(parents=True)
    return places.config_file


def refusal(places: Places, environ: dict[str, str] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_settings(places, environ or {})
    return caught.value


def test_without_a_file_the_defaults_hold(places: Places) -> None:
    assert load_settings(places, {}) == Settings()


def test_an_empty_file_says_nothing(places: Places, file: Path) -> None:
    file.touch()
    assert load_settings(places, {}) == Settings()


def test_the_order_is_flag_then_environment_then_file_then_default(
    places: Places, file: Path
) -> None:
    file.write_text("[generate]\ntemperature = 0.1\ntop_p = 0.2\nmax_tokens = 3\n")
    environ = {"ASSISTANT_GENERATE_TEMPERATURE": "0.4", "ASSISTANT_GENERATE_TOP_P": "0.5"}
    loaded = load_with_origins(places, environ, {"generate.temperature": "0.6"})
    generate = loaded.settings.generate
    assert (generate.temperature, generate.top_p, generate.max_tokens) == (0.6, 0.5, 3)
    assert generate.repeat_penalty == Settings().generate.repeat_penalty
    assert loaded.origins == {
        "generate.temperature": "option",
        "generate.top_p": "ASSISTANT_GENERATE_TOP_P",
        "generate.max_tokens": "config.toml",
    }


@pytest.mark.parametrize(("word", "value"), [("1", True), ("true", True), ("False", False)])
def test_the_environment_says_yes_and_no(places: Places, word: str, value: bool) -> None:
    assert load_settings(places, {"ASSISTANT_OFFLINE": word}).offline is value


def test_an_empty_variable_counts_as_unset(places: Places) -> None:
    assert load_settings(places, {"ASSISTANT_THREADS": " ", "ASSISTANT_UI_THEME": ""}) == Settings()


def test_keys_and_models_take_names_of_the_persons_own(places: Places, file: Path) -> None:
    file.write_text('[keys]\nsend = "f5"\n[models."qwen-0.5b"]\nrole = "generate"\ncontext = 8\n')
    settings = load_settings(places, {})
    assert settings.keys == {"send": "f5"}
    assert settings.models == {"qwen-0.5b": {"role": "generate", "context": 8}}


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(places: Places, file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbf[ui]\r\ntheme = "nord"\r\n')
    assert load_settings(places, {}).ui.theme == "nord"


@pytest.mark.parametrize(
    ("text", "fact", "remedy"),
    [
        ("\n[generate]\ntemprature = 1\n", "line 3: there is no setting", 'mean "temperature"'),
        ("# hi\n[generat]\nmodel = 1\n", "line 2: there is no setting", 'mean "generate"'),
        ("ofline = true", 'line 1: there is no setting "ofline"', 'mean "offline"'),
        ("[generate]\ntemperature = 2.5", "line 2: generate.temperature can't be 2.5", "0 to 2"),
        ("[generate]\ntemperature = nan", "temperature can't be nan", "0 to 2"),
        ("[generate]\ntop_p = 0", "line 2: generate.top_p can't be 0", "above 0, at most 1"),
        ("[generate]\nmax_tokens = 0", "generate.max_tokens can't be 0", "from 1 to 1,000,000"),
        ("[generate]\nmax_tokens = 1.5", "max_tokens can't be 1.5", "a whole number"),
        ("[generate]\ngpu_layers = -1", "gpu_layers can't be -1", '"auto", or a whole number'),
        ("[generate]\nmodel = 5", "generate.model can't be 5", "It takes text"),
        ('[generate]\nmodel = ""', 'generate.model can\'t be ""', "text that is not empty"),
        ('offline = "yes"', 'line 1: offline can\'t be "yes"', "true or false; the default is"),
        ('[ui]\nsidebar = "hiden"', "ui.sidebar can't be", 'Did you mean "hidden"? It takes one'),
        ("generate = 3", "line 1: generate can't be 3, it is a table", "Write [generate]"),
        ("[keys]\nsend = 3", "line 2: keys.send can't be 3", "It takes text"),
        ("[models]\nmine = 3", "line 2: models.mine can't be 3", "It takes a table"),
        ("[ui]\ntheme = nord", "line 2: this is not TOML", "texts in quotes"),
        ("x = [\n1,\n", "line 2: this is not TOML", "name = value"),
        ("a = " + "[" * 30_000, "nested too deeply", "numbers, texts and tables"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(
    places: Places, file: Path, text: str, fact: str, remedy: str
) -> None:
    file.write_text(text)
    error = refusal(places)
    assert str(file) in error.message
    assert fact in error.message
    assert remedy in error.hint


def test_a_key_after_a_text_of_several_lines_has_its_own_line(places: Places, file: Path) -> None:
    file.write_text('[generate]\nsystem = """\ntop_p = 5\n[ui]\n"""\n\n# comment\ntop_p = 5\n')
    assert "line 8: generate.top_p" in refusal(places).message


def test_a_value_of_several_lines_is_placed_where_it_begins(places: Places, file: Path) -> None:
    file.write_text("offline = true\n\nthreads = [\n1,\n2,\n]\n")
    assert "line 3: threads" in refusal(places).message


def test_an_unknown_key_lists_what_its_table_takes(places: Places, file: Path) -> None:
    file.write_text("[embed]\nzzz = 1")
    assert refusal(places).hint == "Valid at [embed]: model, batch_size."


def test_further_mistakes_are_counted_and_all_can_be_listed(places: Places, file: Path) -> None:
    file.write_text("a = 1\nb = 2\n[ui]\nc = 3\n")
    error = refusal(places)
    assert "line 1" in error.message
    assert "2 more: run `assistant config check`" in error.hint
    assert len(find_problems(places, {"ASSISTANT_THREADS": "many"})) == 4


def test_escape_sequences_in_a_file_are_not_repeated_in_the_error(
    places: Places, file: Path
) -> None:
    file.write_text('"\\u001b[31mred" = 1\nthreads = "\\u001b[2J"\n')
    errors = find_problems(places, {})
    assert len(errors) == 2
    assert not any("\x1b" in str(error) for error in errors)


def test_a_file_that_is_not_utf8_is_told_with_its_line(places: Places, file: Path) -> None:
    file.write_bytes("[ui]\n# 简体\n".encode("gb18030"))
    error = refusal(places)
    assert f"{file}, line 2: the file is not UTF-8" in error.message
    assert "Save it as UTF-8" in error.hint


def test_a_folder_in_the_files_place_is_told(places: Places, file: Path) -> None:
    file.mkdir()
    assert "can't be read" in refusal(places).message


def test_a_file_that_may_not_be_read_is_told(
    places: Places, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read anything, so the system's refusal is played."""
    file.touch()

    def refuse(*_: object) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", refuse)
    error = refusal(places)
    assert error.message == f"{file} can't be read: {os.strerror(errno.EACCES)}."
    assert "permissions" in error.hint


def test_a_file_too_large_to_be_one_is_not_read_whole(places: Places, file: Path) -> None:
    file.write_bytes(b"#" * (1024 * 1024 + 1))
    assert "larger than 1 MB" in refusal(places).message


@pytest.mark.parametrize(
    ("variable", "value", "fact", "remedy"),
    [
        ("ASSISTANT_GENERATE_TEMPERATURE", "hot", 'can\'t be "hot"', "a number from 0 to 2"),
        ("ASSISTANT_GENERATE_TEMPERATUR", "1", "sets nothing", "ASSISTANT_GENERATE_TEMPERATURE"),
        ("ASSISTANT_OFLINE", "1", "sets nothing", "Did you mean ASSISTANT_OFFLINE?"),
        ("ASSISTANT_DATADIR", "/x", "sets nothing", "Did you mean ASSISTANT_DATA_DIR?"),
    ],
)
def test_a_mistaken_variable_is_told(
    places: Places, variable: str, value: str, fact: str, remedy: str
) -> None:
    error = refusal(places, {variable: value})
    assert f"Environment: {variable}" in error.message
    assert fact in error.message
    assert remedy in error.hint


@pytest.mark.parametrize(
    "variable", ["ASSISTANT_CONFIG", "ASSISTANT_DATA_DIR", "ASSISTANT_API_TOKEN", "HOME", "OFFLINE"]
)
def test_variables_of_others_are_left_alone(places: Places, variable: str) -> None:
    assert load_settings(places, {variable: "1"}) == Settings()


@pytest.mark.parametrize("dotted", ["generate.temprature", "nothing"])
def test_an_unknown_override_is_told(places: Places, dotted: str) -> None:
    with pytest.raises(ConfigError, match="there is no setting"):
        load_settings(places, {}, {dotted: "1"})


def test_the_environment_names_every_place(tmp_path: Path) -> None:
    environ = {
        "ASSISTANT_CONFIG": str(tmp_path / "c.toml"),
        "ASSISTANT_DATA_DIR": str(tmp_path / "d"),
        "ASSISTANT_CACHE_DIR": str(tmp_path / "k"),
        "ASSISTANT_STATE_DIR": str(tmp_path / "s"),
    }
    places = find_places(environ)
    assert places.config_file == tmp_path / "c.toml"
    assert places.conversations.parent == tmp_path / "d"
    assert places.models.parent == tmp_path / "k"
    assert places.error_log.parent == places.engine_log.parent == tmp_path / "s"
    assert list(tmp_path.iterdir()) == []


def test_places_are_the_platforms_otherwise() -> None:
    places = find_places({"ASSISTANT_DATA_DIR": ""})
    assert places.config_file.name == "config.toml"
    assert "assistant" in places.data.parts
    assert all(place.is_absolute() for place in (places.data, places.cache, places.state))
